import type { ClientId } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { removeRow } from "@symbolon/testing";
import { authorizeUrl, browserOf, introspect, obtainTokens, post, refresh, revoke } from "../../test/flows.ts";
import { addManagementClient, manage, managementToken } from "../../test/management.ts";
import { basic, makeWorld, redirectUri, type World } from "../../test/world.ts";
import { managementScopes } from "./access.ts";

const resource = "http://localhost:8787/admin";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  await addManagementClient(world, "tool");
});

const ask = (client: string, more: Record<string, string> = {}) =>
  post(world, "/oauth/token", { grant_type: "client_credentials", ...more }, { authorization: basic(client) });
const list = (token: string | undefined, headers: Record<string, string> = {}) =>
  manage(world, token, "GET", "/applications", undefined, headers);
const typeOf = (answer: { json(): Record<string, unknown> }) => String(answer.json()["type"]).split("/").at(-1);

describe("AD-01: the token endpoint gives tokens for the management API to its clients only", () => {
  test("a client of the management API gets one for the resource, with all of its scopes or fewer", async () => {
    expect((await ask("tool", { resource })).json()).toMatchObject({ scope: managementScopes.join(" ") });
    expect((await ask("tool", { resource, scope: "symbolon:read" })).json()).toMatchObject({ scope: "symbolon:read" });
  });
  test("without the resource, or with another, it gets none (RFC 8707)", async () => {
    await world.addResourceServer("rs_api", "https://api.example");
    for (const more of [{}, { resource: "https://api.example" }] as Record<string, string>[])
      expect((await ask("tool", more)).json()).toMatchObject({ error: "invalid_target" });
    expect(
      (
        await post(
          world,
          "/oauth/token",
          `grant_type=client_credentials&resource=${encodeURIComponent(resource)}&resource=https%3A%2F%2Fapi.example`,
          { authorization: basic("tool") },
        )
      ).json(),
    ).toMatchObject({ error: "invalid_target" });
  });
  test("another client gets neither the resource nor the scopes", async () => {
    expect((await ask("app", { resource })).json()).toMatchObject({ error: "invalid_target" });
    for (const scope of managementScopes)
      expect((await ask("app", { scope })).json()).toMatchObject({ error: "invalid_scope" });
    expect((await ask("app")).json()).toMatchObject({ scope: "read write" });
  });
  test("not even where a resource server is registered under the identifier of the API", async () => {
    await world.addResourceServer("rs_false", resource);
    await world.addResourceServer("rs_false2", `${resource}/`);
    expect((await ask("app", { resource })).json()).toMatchObject({ error: "invalid_target" });
    expect((await ask("app", { resource: `${resource}/` })).json()).toMatchObject({ error: "invalid_target" });
  });
  test("a client with only symbolon:read cannot ask for more", async () => {
    await addManagementClient(world, "reader", ["symbolon:read"]);
    expect((await ask("reader", { resource, scope: "symbolon:write" })).json()).toMatchObject({
      error: "invalid_scope",
    });
  });
});

describe("AD-01: no user can grant the management API", () => {
  test("the authorization endpoint refuses the resource and the scopes", async () => {
    for (const [parameters, error] of [
      [{ resource }, "invalid_target"],
      [{ scope: "symbolon:read" }, "invalid_scope"],
      [{ scope: "read symbolon:write" }, "invalid_scope"],
    ] as const)
      expect((await browserOf(world).get(authorizeUrl("app", parameters))).location).toContain(`error=${error}`);
  });
  test("not even for a client whose row has these scopes and a redirect URI", async () => {
    await world.addApplication("mixed", { scope: ["read", ...managementScopes], redirectUris: [redirectUri] });
    expect((await browserOf(world).get(authorizeUrl("mixed", { scope: "symbolon:read" }))).location).toContain(
      "error=invalid_scope",
    );
    const tokens = await obtainTokens(world, "mixed", "ann@app.example");
    expect(tokens.scope).toBe("read");
    expect((await refresh(world, "mixed", tokens.refresh_token, { resource })).json().error).toBe("invalid_target");
    expect((await list(tokens.access_token)).status).toBe(401);
  });
  test("a token of a user is refused even if its grant names the API and the scopes", async () => {
    const tokens = await obtainTokens(world, "app", "ann@app.example");
    const [grant] = await world.store.grants.list({ limit: 1 });
    await world.store.grants.change(grant!.id, (row) => ({
      answer: undefined,
      write: { ...row!, scope: managementScopes, audiences: [resource] },
    }));
    const answer = await list(tokens.access_token);
    expect([answer.status, typeOf(answer)]).toEqual([401, "management_token_required"]);
  });
});

describe("AD-01, RFC 6750 §3.1: the management API accepts a token for itself alone", () => {
  test("a good token", async () => {
    expect((await list(await managementToken(world, "tool"))).status).toBe(200);
  });
  test("no token, and a malformed one", async () => {
    const none = await list(undefined);
    expect([none.status, none.headers["www-authenticate"], typeOf(none)]).toEqual([
      401,
      'Bearer realm="symbolon"',
      "bearer_missing",
    ]);
    const basicAuth = await list(undefined, { authorization: basic("tool") });
    expect([basicAuth.status, basicAuth.headers["www-authenticate"]]).toEqual([
      400,
      'Bearer realm="symbolon", error="invalid_request"',
    ]);
  });
  test("a token of client credentials without this audience", async () => {
    const { access_token } = (await ask("app")).json();
    const answer = await list(access_token);
    expect([answer.status, answer.headers["www-authenticate"], typeOf(answer)]).toEqual([
      401,
      'Bearer realm="symbolon", error="invalid_token"',
      "management_token_required",
    ]);
  });
  test("a token in the URL", async () => {
    const token = await managementToken(world, "tool");
    const answer = await manage(world, undefined, "GET", `/applications?access_token=${token}`);
    expect(answer.status).toBe(401);
  });
  test("a revoked token, one that has expired, and those of a suspended or deleted client", async () => {
    const revoked = await managementToken(world, "tool");
    await revoke(world, "tool", revoked);
    const token = await managementToken(world, "tool");
    expect([(await list(revoked)).status, (await list(token)).status]).toEqual([401, 200]);
    world.advance(601);
    expect(typeOf(await list(token))).toBe("bearer_inactive");
    await addManagementClient(world, "other");
    const ofOther = await managementToken(world, "other");
    await removeRow(world.store.applications, "other" as ClientId);
    expect(typeOf(await list(ofOther))).toBe("bearer_inactive");
  });
  test("a scope that the client has lost is lost at once, although the token names it", async () => {
    const token = await managementToken(world, "tool");
    await removeRow(world.store.applications, "tool" as ClientId);
    await addManagementClient(world, "tool", ["symbolon:write"]);
    const answer = await list(token);
    expect([answer.status, answer.headers["www-authenticate"], typeOf(answer)]).toEqual([
      403,
      'Bearer realm="symbolon", error="insufficient_scope", scope="symbolon:read"',
      "management_scope_missing",
    ]);
  });
  test("IN-04: a resource server learns nothing of a management token", async () => {
    await world.addResourceServer("rs_api");
    expect((await introspect(world, "rs_api", await managementToken(world, "tool"))).json()).toEqual({ active: false });
  });
});

describe("AD-01, OP-13: requests without a good token are limited, and those with one are not kept out", () => {
  test("after twenty from one network the answer is 429 with Retry-After", async () => {
    const token = await managementToken(world, "tool");
    const statuses = [];
    for (let times = 0; times < 21; times++) statuses.push((await list("sym_at_false")).status);
    expect(statuses).toEqual([...Array<number>(20).fill(401), 429]);
    expect((await list("sym_at_false")).headers["retry-after"]).toBe("3");
    expect((await list(token)).status).toBe(200);
  });
});
