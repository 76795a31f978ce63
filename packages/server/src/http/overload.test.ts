import { describe, expect, test } from "vitest";
import { makeWorld } from "../../test/world.ts";

describe("R-20: a server that stood still", () => {
  const health = { isOverloaded: () => true, warnings: () => [] };
  const headers = { host: "localhost:8787" };

  test("answers /health at the first request, because the process lives", async () => {
    const { app } = await makeWorld({ health });
    for (const url of ["/health", "/health?now"])
      expect((await app.inject({ method: "GET", url, headers })).statusCode).toBe(200);
  });

  test.each([
    ["GET", "/ready"],
    ["GET", "/"],
    ["GET", "/health/"],
    ["POST", "/oauth/token"],
    ["POST", "/oauth/introspect"],
    ["GET", "/oauth/authorize"],
  ] as const)("turns %s %s away, with Retry-After", async (method, url) => {
    const { app } = await makeWorld({ health });
    const answer = await app.inject({ method, url, headers });
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "1"]);
  });
});
