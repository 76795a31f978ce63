import { expect, test } from "vitest";
import { browserOf } from "../../test/flows.ts";
import { makeWorld } from "../../test/world.ts";

test.each([
  ["http://localhost:8787", "/"],
  ["http://localhost:8787/tenant", "/tenant"],
])("GET %s shows a page that says what it is", async (issuer, path) => {
  const world = await makeWorld({ config: { issuer } });
  const page = await browserOf(world).get(path);
  expect(page.status).toBe(200);
  expect(page.body).toContain(issuer);
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
});
