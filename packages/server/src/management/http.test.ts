import { beforeAll, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, signIn } from "../../test/flows.ts";
import { addManagementClient, manage, managementToken } from "../../test/management.ts";
import { makeWorld, type World } from "../../test/world.ts";
import { managementMethods, managementRoutes } from "../http/management-routes.ts";

let world: World;
let token: string;
beforeAll(async () => {
  world = await makeWorld();
  await world.addAccount("ann@app.example");
  await world.addApplication("app");
  await addManagementClient(world, "tool");
  token = await managementToken(world, "tool");
});

const problemJson = "application/problem+json;charset=utf-8";
const withoutPrefix = (path: string): string => path.replace("/admin/v1", "").replace(":id", "none");

describe("HT-08, RFC 9110 §15.5.6: methods that the table of the management API does not list", () => {
  test.each(managementRoutes.map((route) => [route.path, route] as const))(
    "%s answers 405 with Allow",
    async (path, route) => {
      const listed = managementMethods.filter((method) => route[method] !== undefined);
      const allowed = listed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const) {
        if (allowed.includes(method)) continue;
        const answer = await manage(world, token, method, withoutPrefix(path));
        expect([method, answer.status, answer.headers["allow"]]).toEqual([method, 405, allowed.join(", ")]);
        expect(answer.headers["content-type"]).toBe(problemJson);
      }
    },
  );
});

describe("RFC 9457 §3: refusals are problem details", () => {
  test("their type is a page that explains them, and a Request-Id is with them", async () => {
    const answer = await manage(world, undefined, "GET", "/applications");
    expect(answer.headers).toMatchObject({ "content-type": problemJson, "cache-control": "no-store" });
    expect(answer.headers["request-id"]).toMatch(/^[\w-]{16}$/);
    const { type, ...rest } = answer.json();
    expect(rest).toEqual({
      title: "No access token was presented.",
      status: 401,
      detail: "Send Authorization: Bearer followed by the token.",
    });
    expect(type).toBe("http://localhost:8787/errors/bearer_missing");
    expect(
      (await world.app.inject({ url: "/errors/bearer_missing", headers: { host: "localhost:8787" } })).statusCode,
    ).toBe(200);
  });
  test.each(["/", "/nothing", "/applications/", "/applications/a/b", "/../admin/v1"])(
    "an unknown path is 404: %s",
    async (path) => {
      const answer = await manage(world, token, "GET", path);
      expect([answer.status, answer.headers["content-type"]]).toEqual([404, problemJson]);
    },
  );
  test("an unknown host is 421", async () => {
    const answer = await manage(world, token, "GET", "/applications", undefined, { host: "evil.example" });
    expect([answer.status, answer.headers["content-type"]]).toEqual([421, problemJson]);
  });
  test("HEAD is answered as GET, without a body", async () => {
    const answer = await manage(world, token, "HEAD", "/applications");
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });
});

describe("AD-08: pages and browsers cannot use the management API", () => {
  test.each(["https://evil.example", "http://localhost:8787", "null"])("no CORS header for %s", async (origin) => {
    const asked = { origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" };
    for (const path of ["/applications", "/openapi.json", "/nothing"])
      for (const method of ["OPTIONS", "GET", "POST"] as const) {
        const { headers } = await manage(world, token, method, path, undefined, asked);
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      }
  });
  test("the session of a signed-in browser counts for nothing", async () => {
    const browser = browserOf(world);
    await signIn(browser, authorizeUrl("app"), "ann@app.example");
    expect(browser.cookies.size).toBeGreaterThan(0);
    expect((await browser.get("/admin/v1/applications")).status).toBe(401);
  });
});

describe("the OpenAPI document", () => {
  test("is served to everyone, with the issuer of this server", async () => {
    const answer = await manage(world, undefined, "GET", "/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ openapi: "3.1.1", servers: [{ url: "http://localhost:8787" }] });
    expect(answer.headers["content-type"]).toBe("application/json;charset=utf-8");
  });
  test("has every operation once, with the scope that it needs", async () => {
    const { paths } = (await manage(world, undefined, "GET", "/openapi.json")).json() as {
      paths: Record<string, Record<string, { operationId: string; security: [{ token: string[] }] }>>;
    };
    const listed = managementRoutes.flatMap((route) => managementMethods.flatMap((method) => route[method] ?? []));
    const described = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(described.map(({ operationId }) => operationId).sort()).toEqual(listed.map(({ id }) => id).sort());
    for (const { id, scope } of listed)
      expect(described.find(({ operationId }) => operationId === id)!.security).toEqual([{ token: [scope] }]);
  });
});
