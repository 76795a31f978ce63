import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { obtainCode, post, redeem } from "../../test/flows.ts";
import { basic, challenge, makeWorld, redirectUri, verifier } from "../../test/world.ts";
import type { Grant } from "../grants/grant.ts";

const ann = "ann@app.example";

async function worldWithCode() {
  const world = await makeWorld();
  await world.addApplication("app", { redirectUris: [redirectUri, "https://app.example/second"] });
  await world.addApplication("other");
  await world.addAccount(ann);
  const code = await obtainCode(world, "app", ann);
  const { grantId } = world.keyring.read("code", new Sealed(code))!;
  return { world, code, row: async (): Promise<Grant> => (await world.store.grants.find(grantId))! };
}

const form = (code: string) => ({
  grant_type: "authorization_code",
  code,
  code_verifier: verifier,
  redirect_uri: redirectUri,
});

describe("RFC 6749 §4.1.4, §5.1: the answer to a code", () => {
  test("has both tokens, type, lifetime and scope; the grant is active and not confirmed", async () => {
    const { world, code, row } = await worldWithCode();
    world.advance(30);
    expect((await redeem(world, "app", code)).json()).toEqual({
      access_token: expect.stringMatching(/^sym_at_[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 600,
      refresh_token: expect.stringMatching(/^sym_rt_[\w-]{64}$/),
      scope: "read write",
      created_at: world.now(),
    });
    expect(await row()).toMatchObject({
      state: "active",
      generation: 1,
      generationIssuedAt: world.now(),
      offer: null,
      confirmedAt: null,
      idleExpiresAt: world.now() + 30 * 86_400,
    });
    expect(world.events.at(-1)).toMatchObject({ name: "code.redeemed", client: "app" });
  });

  test("a narrower scope narrows the access token, not the grant", async () => {
    const { world, code, row } = await worldWithCode();
    expect((await redeem(world, "app", code, { scope: "write" })).json().scope).toBe("write");
    expect((await row()).scope).toEqual(["read", "write"]);
  });
});

describe("RFC 6749 §4.1.2, §4.1.3: a refusal changes nothing", () => {
  test("for an expired code, and the reason is in the log", async () => {
    const { world, code, row } = await worldWithCode();
    world.advance(60);
    const before = await row();
    expect((await redeem(world, "app", code)).json().error).toBe("invalid_grant");
    expect(await row()).toEqual(before);
    expect(world.events.at(-1)).toMatchObject({ name: "code.refused", reason: "code_expired" });
  });

  test("TK-05: for another authenticated client, and the reason is in the log", async () => {
    const { world, code, row } = await worldWithCode();
    const before = await row();
    expect((await redeem(world, "other", code)).json().error).toBe("invalid_grant");
    expect(await row()).toEqual(before);
    expect(world.events.at(-1)).toMatchObject({ name: "code.refused", reason: "binding_mismatch", client: "other" });
  });

  test("TK-06: for another redirect_uri that is registered", async () => {
    const { world, code, row } = await worldWithCode();
    const before = await row();
    expect((await redeem(world, "app", code, { redirect_uri: "https://app.example/second" })).json().error).toBe(
      "invalid_grant",
    );
    expect(await row()).toEqual(before);
  });

  test("TK-06: for another loopback port of a public client", async () => {
    const { world } = await worldWithCode();
    await world.addApplication("public", {
      type: "public",
      authMethod: "none",
      secrets: [],
      redirectUris: ["http://127.0.0.1/cb"],
    });
    const code = await obtainCode(world, "public", ann, { redirect_uri: "http://127.0.0.1:51004/cb" });
    const asPublic = (redirect_uri: string) =>
      post(world, "/oauth/token", { ...form(code), redirect_uri, client_id: "public" });
    expect((await asPublic("http://127.0.0.1:51005/cb")).json().error).toBe("invalid_grant");
    expect((await asPublic("http://127.0.0.1:51004/cb")).status).toBe(200);
  });
});

describe("RFC 7636 §4.5, §4.6: the verifier is checked against the challenge", () => {
  test("accepts the pair of Appendix B", async () => {
    const { world, code, row } = await worldWithCode();
    expect((await row()).challenge).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    expect(
      (await redeem(world, "app", code, { code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" })).status,
    ).toBe(200);
  });

  test.each([
    ["with a space", `${"a".repeat(43)} `],
    ["with a slash", `${"a".repeat(42)}/`],
    ["with an umlaut", `${"a".repeat(42)}ä`],
    ["the challenge itself", challenge],
    ["in another case", verifier.toLowerCase()],
    ["a character short", verifier.slice(0, -1)],
    ["a character long", `${verifier}A`],
  ])("AP-04: a verifier that is %s is invalid_grant, and the code stays good", async (_what, code_verifier) => {
    const { world, code } = await worldWithCode();
    expect((await redeem(world, "app", code, { code_verifier })).json().error).toBe("invalid_grant");
    expect((await redeem(world, "app", code)).status).toBe(200);
  });

  test("AP-03, AP-04: a redeemed grant without its challenge is refused, and not revoked", async () => {
    const { world, code, row } = await worldWithCode();
    await redeem(world, "app", code);
    const { id } = await row();
    await world.store.grants.change(id, (grant) => ({ answer: null, write: { ...grant!, challenge: null } }));
    expect((await redeem(world, "app", code)).json().error).toBe("invalid_grant");
    expect((await row()).state).toBe("active");
  });

  test.each([
    [4, 200, null],
    [5, 400, "code_guessed"],
  ])("RFC 7636 §7.1: after %i wrong verifiers the right one is answered with %i", async (tries, status, because) => {
    const { world, code, row } = await worldWithCode();
    for (let count = 0; count < tries; count++) await redeem(world, "app", code, { code_verifier: "a".repeat(43) });
    expect((await redeem(world, "app", code)).status).toBe(status);
    expect((await row()).revokedBecause).toBe(because);
    expect(world.eventNames().includes("grant.revoked")).toBe(because !== null);
  });

  test("wrong verifiers of another client, or without authentication, do not count", async () => {
    const { world, code, row } = await worldWithCode();
    const wrong = { ...form(code), code_verifier: "a".repeat(43) };
    for (let count = 0; count < 6; count++) {
      await redeem(world, "other", code, { code_verifier: "a".repeat(43) });
      await post(world, "/oauth/token", wrong, { authorization: basic("app", "wrong") });
    }
    expect((await row()).offer?.failures).toBe(0);
  });
});
