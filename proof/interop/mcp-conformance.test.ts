import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendTo } from "../harness/send.ts";
import { freePort } from "../harness/server.ts";
import { runConformance, type ConformanceFlags, type ConformanceRun } from "./mcp-conformance.ts";
import { openPlace, registrationOf, type Place } from "./place.ts";

let place: Place;
let agent: Agent;
beforeAll(async () => {
  place = await openPlace();
  agent = new Agent();
});
afterAll(async () => {
  agent.destroy();
  await place.close();
});

/** Runs the suite against a real server, with a scripted user who allows or denies. */
async function run(decide: "allow" | "deny", more: Partial<ConformanceFlags> = {}): Promise<ConformanceRun> {
  const { id } = await place.register(registrationOf("none"));
  const port = await freePort();
  return runConformance({ url: place.server.issuer, "client-id": id, port, ...more }, async (authorizationUrl) => {
    const callback = await place.newBrowser()[decide](authorizationUrl, { email: place.email });
    const answer = await sendTo(callback.origin, agent)("GET", callback.pathname + callback.search);
    expect(answer.body).toContain("You can close this page");
  });
}

const failuresOf = ({ saved }: ConformanceRun) =>
  Object.values(saved)
    .flat()
    .filter(({ status }) => status === "FAILURE");
const successesOf = ({ saved }: ConformanceRun) =>
  Object.values(saved)
    .flat()
    .filter(({ status }) => status === "SUCCESS")
    .map(({ id }) => id);

describe("MCP conformance: both authorization-server scenarios against a real server", () => {
  test.each([
    ["a public client that asks for nothing in particular", () => ({})],
    ["a public client that names the MCP server its token is for (RFC 8707)", () => ({ resource: place.resource })],
  ])(
    "%s passes authorization-server-metadata-endpoint and authorization-code-grant",
    async (_, flags) => {
      const ran = await run("allow", flags());
      expect(Object.keys(ran.saved).sort(), ran.output).toEqual([
        "authorization-code-grant",
        "authorization-server-metadata-endpoint",
      ]);
      expect(failuresOf(ran), ran.output).toEqual([]);
      expect(successesOf(ran).sort()).toEqual(["authorization-code-grant", "authorization-server-metadata"]);
      expect(ran.output).toContain("Total: 2 passed, 0 failed");
      expect(ran.exitCode).toBe(0);
    },
    60_000,
  );

  test("and it would fail: a person who denies is reported as access_denied", async () => {
    const ran = await run("deny");
    expect(failuresOf(ran).map(({ id, errorMessage }) => `${id}: ${errorMessage}`)).toEqual([
      expect.stringContaining("authorization-code-grant: Authorization error: access_denied"),
    ]);
    expect(ran.exitCode).toBe(1);
  }, 60_000);
});
