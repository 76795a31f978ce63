import { beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { authorizeUrl, browserOf, obtainCode, redeem } from "../../test/flows.ts";
import { challenge, makeWorld, redirectUri, verifier, type World } from "../../test/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_public", { type: "public", authMethod: "none", secrets: [] });
  await world.addAccount("ann@example.com");
});

const errorOf = (location: string) => {
  const { searchParams } = new URL(location);
  return { error: searchParams.get("error"), uri: searchParams.get("error_uri") };
};

describe("AP-01, RFC 9700 §2.1.1: PKCE is required", () => {
  test.each(["app_one", "app_public"])("redirects with invalid_request for %s", async (client) => {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client,
      redirect_uri: redirectUri,
      state: "s",
    });
    const { location } = await browserOf(world).get(`/oauth/authorize?${query}`);
    expect(errorOf(location)).toEqual({
      error: "invalid_request",
      uri: "http://localhost:8787/errors/challenge_missing",
    });
  });
  test("refuses the method without a challenge", async () => {
    const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge: "" }));
    expect(errorOf(location).uri).toMatch(/challenge_missing$/);
  });
});

describe("AP-02, RFC 7636 §4.3: the method must be S256", () => {
  test.each(["plain", "", "S512", "s256", "S256 ", "['S256']"])(
    "refuses %j; a missing method means plain",
    async (code_challenge_method) => {
      const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge_method }));
      expect(errorOf(location)).toEqual({
        error: "invalid_request",
        uri: "http://localhost:8787/errors/challenge_method_unsupported",
      });
    },
  );
});

describe("AP-02, RFC 7636 §4.2: refuses a challenge that is not the unpadded base64url of 32 bytes", () => {
  test.each([
    ["a character short", challenge.slice(1)],
    ["a character long", `${challenge}A`],
    ["padded", `${challenge}=`],
    ["of the other alphabet", `+${challenge.slice(1)}`],
    ["with nonzero spare bits", `${challenge.slice(0, 42)}B`],
    ["with a space", ` ${challenge.slice(1)}`],
    ["the verifier of appendix B, cut", verifier.slice(0, 42)],
    ["with a non-ASCII character", `é${challenge.slice(1)}`],
  ])("%s", async (_, code_challenge) => {
    const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge }));
    expect(errorOf(location)).toEqual({
      error: "invalid_request",
      uri: "http://localhost:8787/errors/challenge_malformed",
    });
  });
});

describe("RFC 7636 §4.4: the code is bound to the challenge", () => {
  test("redeems with the verifier of appendix B", async () => {
    expect(challenge).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    const code = await obtainCode(world, "app_one", "ann@example.com");
    expect((await redeem(world, "app_one", code)).status).toBe(200);
  });
  test("refuses another verifier", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com");
    expect((await redeem(world, "app_one", code, { code_verifier: "A".repeat(43) })).json()).toMatchObject({
      error: "invalid_grant",
    });
  });
});

describe("AP-16, RFC 9700 §4.5: a stolen code cannot be redeemed in another flow", () => {
  test("refuses a code that is injected into another flow, whose verifier differs", async () => {
    const stolen = await obtainCode(world, "app_one", "ann@example.com");
    const verifierOfVictim = "z".repeat(43);
    expect((await redeem(world, "app_one", stolen, { code_verifier: verifierOfVictim })).status).toBe(400);
    expect((await redeem(world, "app_one", stolen)).status).toBe(200);
  });
  test("is a signed pointer of 48 bytes with a prefix for its kind", async () => {
    const codes = new Set(
      await Promise.all(Array.from({ length: 5 }, () => obtainCode(world, "app_one", "ann@example.com"))),
    );
    expect(codes.size).toBe(5);
    for (const code of codes) expect(code).toMatch(/^sym_ac_[A-Za-z0-9_-]{64}$/);
  });
  test("expires after a minute", async () => {
    const [early, late] = [
      await obtainCode(world, "app_one", "ann@example.com"),
      await obtainCode(world, "app_one", "ann@example.com"),
    ];
    world.advance(59);
    expect((await redeem(world, "app_one", early)).status).toBe(200);
    world.advance(1);
    expect((await redeem(world, "app_one", late)).json()).toMatchObject({ error: "invalid_grant" });
  });
  test("stores client, redirect URI, challenge, subject and resource in the grant", async () => {
    await world.addAccount("bea@example.com", ["Company/one"]);
    const code = await obtainCode(world, "app_one", "bea@example.com");
    const grant = await world.store.grants.find(world.keyring.read("code", new Sealed(code))!.grantId);
    const bea = await world.store.accounts.findByEmail("bea@example.com");
    expect(grant).toMatchObject({
      application: "app_one",
      owner: bea!.id,
      resource: "Company/one",
      challenge,
      state: "offered",
      offer: { redirectUri },
    });
  });
});
