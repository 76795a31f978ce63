import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { introspect, obtainCode, post, redeem, refresh } from "../../test/flows.ts";
import { basic, makeWorld, redirectUri, verifier, type World } from "../../test/world.ts";

let world: World;
let code: string;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addAccount("ann@example.com");
  code = await obtainCode(world, "app_one", "ann@example.com");
});

const refused = { status: 400, body: expect.stringContaining('"invalid_grant"') };
const isActive = async (token: string): Promise<boolean> => (await introspect(world, "app_one", token)).json().active;
const otherVerifier = verifier.replace("d", "e");
/** Redeems with a form of its own: `undefined` leaves a parameter out. */
const redeemWith = (changes: Record<string, string | undefined>, client = "app_one") => {
  const all = {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    ...changes,
  };
  return post(
    world,
    "/oauth/token",
    Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)),
    { authorization: basic(client) },
  );
};

describe("RFC 6749 §4.1.2: the authorization code", () => {
  test("is refused in the second of its expiry", async () => {
    world.advance(60);
    expect(await redeemWith({})).toMatchObject(refused);
  });
  test("is accepted until then", async () => {
    world.advance(59);
    expect(await redeemWith({})).toMatchObject({ status: 200 });
  });
  test("TK-01: a second valid use is refused and revokes every token of the first", async () => {
    const first = (await redeem(world, "app_one", code)).json();
    const second = (await refresh(world, "app_one", first.refresh_token)).json();
    expect(await redeemWith({})).toMatchObject(refused);
    for (const token of [first.access_token, second.access_token]) expect(await isActive(token)).toBe(false);
    expect(await refresh(world, "app_one", second.refresh_token)).toMatchObject(refused);
  });
  test("TK-03: of fifty at once one succeeds", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeemWith({})));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
  test("TK-07: no other kind of token is accepted as a code", async () => {
    const { access_token, refresh_token } = (await redeemWith({})).json();
    for (const other of [
      access_token,
      refresh_token,
      refresh_token.replace("sym_rt_", "sym_ac_"),
      `${code}=`,
      code.slice(0, -1),
    ])
      expect(await redeemWith({ code: other })).toMatchObject(refused);
  });
});

describe("TK-02, OAuth 2.1 §7.5.2: a replay that is not fully valid revokes nothing", () => {
  test.each([
    ["a wrong verifier", { code_verifier: otherVerifier }, "app_one"],
    [
      "another redirect URI and a wrong verifier",
      { redirect_uri: "https://evil.example/", code_verifier: otherVerifier },
      "app_one",
    ],
    ["no verifier", { code_verifier: undefined }, "app_one"],
    ["another client", {}, "app_two"],
  ])("%s", async (_, changes, client) => {
    const { access_token } = (await redeemWith({})).json();
    expect((await redeemWith(changes, client)).status).toBe(400);
    expect(await isActive(access_token)).toBe(true);
  });
});

describe("RFC 6749 §4.1.3: the access token request", () => {
  test("TK-05: a code of another client is refused and stays usable", async () => {
    expect(await redeemWith({}, "app_two")).toMatchObject(refused);
    expect(await redeemWith({})).toMatchObject({ status: 200 });
  });
  test("requires a code", async () =>
    expect((await redeemWith({ code: undefined })).json()).toMatchObject({ error: "invalid_request" }));
  test("TK-04: a refused request leaves the code usable", async () => {
    expect((await redeemWith({ scope: "read admin" })).json()).toMatchObject({ error: "invalid_scope" });
    expect((await redeemWith({ resource: "https://nowhere.example/" })).json()).toMatchObject({
      error: "invalid_target",
    });
    expect(await redeemWith({})).toMatchObject({ status: 200 });
  });
});

describe("TK-06, OAuth 2.1 §10.2: redirect_uri at the token endpoint", () => {
  test.each([`${redirectUri}/`, `${redirectUri}?`, redirectUri.toUpperCase()])(
    "%s is not the one of the request",
    async (redirect_uri) => expect(await redeemWith({ redirect_uri })).toMatchObject(refused),
  );
  test("may be left out", async () =>
    expect(await redeemWith({ redirect_uri: undefined })).toMatchObject({ status: 200 }));
});

describe("AP-04, RFC 7636 §4.5, RFC 9700 §4.8: a code without its verifier", () => {
  test.each([
    ["missing", undefined],
    ["empty", ""],
    ["of 42 characters", "a".repeat(42)],
    ["of 129 characters", "a".repeat(129)],
    ["with a plus sign", "+".repeat(43)],
  ])("%s is invalid_grant", async (_, code_verifier) =>
    expect(await redeemWith({ code_verifier })).toMatchObject(refused),
  );
  test("AP-03: a grant without a challenge is refused with any verifier", async () => {
    const { grantId } = world.keyring.read("code", new Sealed(code))!;
    await world.store.grants.change(grantId, (grant) => ({ answer: null, write: { ...grant!, challenge: null } }));
    expect(await redeemWith({})).toMatchObject(refused);
  });
});

describe("RFC 7636 §4.6: a verifier that does not match", () => {
  test("is invalid_grant, and the right verifier still works", async () => {
    for (let tries = 0; tries < 4; tries++)
      expect(await redeemWith({ code_verifier: otherVerifier })).toMatchObject(refused);
    expect(await redeemWith({})).toMatchObject({ status: 200 });
  });
  test("five wrong verifiers revoke the grant", async () => {
    for (let tries = 0; tries < 5; tries++) await redeemWith({ code_verifier: otherVerifier });
    expect(await redeemWith({})).toMatchObject(refused);
  });
  test("the challenge is not accepted as verifier", async () =>
    expect(await redeemWith({ code_verifier: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" })).toMatchObject(refused));
});
