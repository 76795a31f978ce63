import { beforeAll, describe, expect, test } from "vitest";
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

describe("AP-01, RFC 9700 §2.1.1: no request without PKCE", () => {
  test.each(["app_one", "app_public"])("%s goes back with invalid_request", async (client) => {
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
  test("nor with the method alone", async () => {
    const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge: "" }));
    expect(errorOf(location).uri).toMatch(/challenge_missing$/);
  });
});

describe("AP-02, RFC 7636 §4.3: the method is S256", () => {
  test.each(["plain", "", "S512", "s256", "S256 ", "['S256']"])(
    "%j is refused; a missing one means plain",
    async (code_challenge_method) => {
      const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge_method }));
      expect(errorOf(location)).toEqual({
        error: "invalid_request",
        uri: "http://localhost:8787/errors/challenge_method_unsupported",
      });
    },
  );
});

describe("AP-02, RFC 7636 §4.2: the challenge is the unpadded base64url of 32 bytes", () => {
  test.each([
    ["a character short", challenge.slice(1)],
    ["a character long", `${challenge}A`],
    ["padded", `${challenge}=`],
    ["of the other alphabet", `+${challenge.slice(1)}`],
    ["with slack bits set", `${challenge.slice(0, 42)}B`],
    ["with a space", ` ${challenge.slice(1)}`],
    ["the verifier of appendix B, cut", verifier.slice(0, 42)],
    ["beyond ASCII", `é${challenge.slice(1)}`],
  ])("%s", async (_, code_challenge) => {
    const { location } = await browserOf(world).get(authorizeUrl("app_one", { code_challenge }));
    expect(errorOf(location)).toEqual({
      error: "invalid_request",
      uri: "http://localhost:8787/errors/challenge_malformed",
    });
  });
});

describe("RFC 7636 §4.4: the code is bound to the challenge", () => {
  test("the known answer of appendix B redeems", async () => {
    expect(challenge).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    const code = await obtainCode(world, "app_one", "ann@example.com");
    expect((await redeem(world, "app_one", code)).status).toBe(200);
  });
  test("another verifier does not", async () => {
    const code = await obtainCode(world, "app_one", "ann@example.com");
    expect((await redeem(world, "app_one", code, { code_verifier: "A".repeat(43) })).json()).toMatchObject({
      error: "invalid_grant",
    });
  });
});

describe("AP-16, RFC 9700 §4.5: a stolen code is of no use elsewhere", () => {
  test("injected into another browser's flow it meets that flow's verifier and fails", async () => {
    const stolen = await obtainCode(world, "app_one", "ann@example.com");
    const verifierOfVictim = "z".repeat(43);
    expect((await redeem(world, "app_one", stolen, { code_verifier: verifierOfVictim })).status).toBe(400);
    expect((await redeem(world, "app_one", stolen)).status).toBe(200);
  });
  test("it says which kind it is and guesses nothing: a signed pointer of 48 bytes", async () => {
    const codes = new Set(
      await Promise.all(Array.from({ length: 5 }, () => obtainCode(world, "app_one", "ann@example.com"))),
    );
    expect(codes.size).toBe(5);
    for (const code of codes) expect(code).toMatch(/^sym_ac_[A-Za-z0-9_-]{64}$/);
  });
  test("it lives for a minute", async () => {
    const [early, late] = [
      await obtainCode(world, "app_one", "ann@example.com"),
      await obtainCode(world, "app_one", "ann@example.com"),
    ];
    world.advance(59);
    expect((await redeem(world, "app_one", early)).status).toBe(200);
    world.advance(1);
    expect((await redeem(world, "app_one", late)).json()).toMatchObject({ error: "invalid_grant" });
  });
  test("the row holds client, redirect URI, challenge, owner and resource", async () => {
    await world.addAccount("bea@example.com", ["Company/one"]);
    const code = await obtainCode(world, "app_one", "bea@example.com");
    const grant = await world.store.grants.find(world.keyring.read("code", code)!.grantId);
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
