import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { introspect, obtainCode, post, redeem, refresh } from "../../test/flows.ts";
import { basic, makeWorld, redirectUri, verifier } from "../../test/world.ts";

async function worldWithCode() {
  const world = await makeWorld();
  await world.addApplication("app", { replay: { preset: "window", seconds: 120 } });
  await world.addApplication("other");
  await world.addAccount("ann@app.example");
  await world.addResourceServer("rs_api");
  const code = await obtainCode(world, "app", "ann@app.example");
  const { grantId } = world.keyring.read("code", new Sealed(code))!;
  const row = async () => (await world.store.grants.find(grantId))!;
  const isActive = async (token: string): Promise<boolean> => (await introspect(world, "rs_api", token)).json().active;
  return { world, code, row, isActive };
}

describe("TK-01, RFC 6749 §4.1.2, §10.5: a code in a second valid request", () => {
  test("is refused, and every access token of every generation is inactive at the next introspection", async () => {
    const { world, code, row, isActive } = await worldWithCode();
    const pairs = [(await redeem(world, "app", code)).json()];
    for (let count = 0; count < 3; count++)
      pairs.push((await refresh(world, "app", pairs.at(-1).refresh_token)).json());
    for (const { access_token } of pairs) expect(await isActive(access_token)).toBe(true);

    const answer = await redeem(world, "app", code);
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
    for (const { access_token } of pairs) expect(await isActive(access_token)).toBe(false);
    for (const { refresh_token } of pairs)
      expect((await refresh(world, "app", refresh_token)).json().error).toBe("invalid_grant");
    expect(await row()).toMatchObject({ state: "revoked", revokedBecause: "code_replayed" });
  });

  test("is one event, with an entry in the feed from the same write", async () => {
    const { world, code } = await worldWithCode();
    for (let count = 0; count < 3; count++) await redeem(world, "app", code);
    expect(world.eventNames().filter((name) => name === "grant.revoked")).toHaveLength(1);
    expect(await world.store.grants.revocations(0, 10)).toMatchObject([{ kind: "grant", until: world.now() + 600 }]);
  });

  test("is recognized as long as the grant exists, long after the code expired", async () => {
    const { world, code, row } = await worldWithCode();
    await redeem(world, "app", code);
    world.advance(20 * 86_400);
    await redeem(world, "app", code);
    expect((await row()).revokedBecause).toBe("code_replayed");
  });
});

describe("TK-02, RFC 6749 §4.1.2: a replayed code in a request that is not valid revokes nothing", () => {
  const valid = { grant_type: "authorization_code", code_verifier: verifier, redirect_uri: redirectUri };
  test.each([
    ["a wrong verifier", { ...valid, code_verifier: "a".repeat(43) }, basic("app"), "invalid_grant"],
    ["no verifier", { grant_type: "authorization_code" }, basic("app"), "invalid_grant"],
    ["another client", valid, basic("other"), "invalid_grant"],
    ["a wrong secret", valid, basic("app", "wrong"), "invalid_client"],
    ["no authentication", { ...valid, client_id: "app" }, undefined, "invalid_client"],
    ["a wider scope", { ...valid, scope: "admin" }, basic("app"), "invalid_scope"],
    [
      "a resource that was not granted",
      { ...valid, resource: "https://foreign.example" },
      basic("app"),
      "invalid_target",
    ],
    ["a lifetime that is not allowed", { ...valid, expires_in: "1" }, basic("app"), "invalid_request"],
  ])("%s", async (_what, form, authorization, error) => {
    const { world, code, row, isActive } = await worldWithCode();
    const { access_token } = (await redeem(world, "app", code)).json();
    const before = await row();
    const answer = await post(
      world,
      "/oauth/token",
      { ...form, code },
      authorization === undefined ? {} : { authorization },
    );
    expect(answer.json().error).toBe(error);
    expect(await row()).toEqual(before);
    expect(await isActive(access_token)).toBe(true);
  });
});

describe("TK-04: a refused request leaves the code usable", () => {
  test.each([
    ["a scope outside the grant", { scope: "admin" }, "invalid_scope"],
    ["a malformed scope", { scope: "read  write" }, "invalid_scope"],
    ["an unknown resource", { resource: "https://foreign.example" }, "invalid_target"],
    ["a resource with a fragment", { resource: "https://api.example#x" }, "invalid_target"],
    ["a lifetime that is not allowed", { expires_in: "1" }, "invalid_request"],
  ])("%s", async (_what, more, error) => {
    const { world, code, row } = await worldWithCode();
    const before = await row();
    expect((await redeem(world, "app", code, more)).json().error).toBe(error);
    expect(await row()).toEqual(before);
    expect((await redeem(world, "app", code)).status).toBe(200);
  });
});

describe("TK-03: 50 redemptions of one code at once", () => {
  test("one succeeds, the others get invalid_grant, and the first replay revokes the grant", async () => {
    const { world, code, row, isActive } = await worldWithCode();
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(world, "app", code)));
    const served = answers.filter(({ status }) => status === 200);
    expect(served).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 400 && answer.json().error === "invalid_grant")).toHaveLength(
      49,
    );
    expect(await isActive(served[0]!.json().access_token)).toBe(false);
    expect((await row()).revokedBecause).toBe("code_replayed");
  });
});
