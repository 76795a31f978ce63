import { createHash, createHmac, randomBytes } from "node:crypto";
import { Sealed, encodePointer, formatToken, tokenPrefixes, type ClientId, type TokenKind } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { hmacKeyring, type Grant, type Keyring } from "../index.ts";
import {
  authorizeUrl,
  browserOf,
  hiddenFields,
  introspect,
  obtainCode,
  obtainTokens,
  post,
  redeem,
  refresh,
  signIn,
  tokenInfo,
  type Browser,
} from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

const newKeyring = (): Keyring => {
  const data = {
    format: 1 as const,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  return hmacKeyring(() => data);
};

let world: World;
let other: World;
let browser: Browser;
let tokens: { access_token: string; refresh_token: string };
let grant: Grant;
/** One database under two keyrings: that of the operator, and that of an attacker who copied the file without it. */
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addResourceServer("rs_api");
  await world.addAccount("ann@app.example");
  tokens = await obtainTokens(world, "app", "ann@app.example");
  grant = (await world.store.grants.find(world.keyring.read("refresh", new Sealed(tokens.refresh_token))!.grantId))!;
  browser = browserOf(world);
  await signIn(browser, authorizeUrl("app", { prompt: "consent" }), "ann@app.example");
  other = await makeWorld({ store: world.store, keyring: newKeyring() });
});

describe("ST-02: under another keyring the database authenticates no one", () => {
  test("no client, resource server or bearer", async () => {
    expect(
      (await post(other, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app") })).status,
    ).toBe(401);
    expect((await introspect(other, "rs_api", tokens.access_token)).status).toBe(401);
    expect((await tokenInfo(other, tokens.access_token)).status).toBe(401);
  });
  test("no session, and no page that is open", async () => {
    const session = [...browser.cookies].find(([name]) => name.endsWith("session"))!;
    const elsewhere = browserOf(other);
    elsewhere.cookies.set(...session);
    expect((await elsewhere.get(authorizeUrl("app"))).body).toContain("<h1>Sign in</h1>");
    const consent = hiddenFields((await browser.get(authorizeUrl("app", { prompt: "consent" }))).body);
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    expect((await elsewhere.post("/oauth/consent", { ...consent, decision: "allow" })).status).toBe(403);
  });
  test("no code and no refresh token, even of a public client", async () => {
    await world.addApplication("native", { type: "public", authMethod: "none", secrets: [] });
    const code = await obtainCode(world, "native", "ann@app.example");
    const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const as = { client_id: "native" };
    expect(
      (
        await post(other, "/oauth/token", { grant_type: "authorization_code", code, code_verifier: verifier, ...as })
      ).json().error,
    ).toBe("invalid_grant");
    const native = (await redeem(world, "native", code)).status;
    expect(native).toBe(401); // a public client with a Basic header: the code is still there
    const pair = (
      await post(world, "/oauth/token", {
        grant_type: "authorization_code",
        code,
        code_verifier: verifier,
        redirect_uri: "https://app.example/cb",
        ...as,
      })
    ).json();
    expect(
      (
        await post(other, "/oauth/token", { grant_type: "refresh_token", refresh_token: pair.refresh_token, ...as })
      ).json().error,
    ).toBe("invalid_grant");
    expect(
      (await post(world, "/oauth/token", { grant_type: "refresh_token", refresh_token: pair.refresh_token, ...as }))
        .status,
    ).toBe(200);
  });
});

/** Keys that an attacker who reads and writes the database, and knows this source, would try. */
const guessedKeys: [string, Uint8Array][] = [
  ["the empty key", Buffer.alloc(0)],
  ["zeros", Buffer.alloc(32)],
  ["the public salt", Buffer.from("symbolon-token-v1")],
];

describe("ST-02: no valid token can be written into it", () => {
  const forge = (kind: TokenKind, key: Uint8Array, of: Grant) => {
    const body = encodePointer({
      keyId: 1,
      grantId: of.id,
      generation: of.generation,
      issuedAt: kind === "access" ? of.generationIssuedAt : 0,
      variant: 0,
    });
    return formatToken(kind, body, createHmac("sha256", key).update(body).digest().subarray(0, 20));
  };
  test.each(guessedKeys)("a token made with %s, for a grant in the database or one added to it", async (_, key) => {
    const planted: Grant = {
      ...grant,
      id: grant.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) as Grant["id"],
      scope: ["read", "write"],
    };
    await world.store.grants.insert(planted);
    for (const row of [grant, planted]) {
      expect((await introspect(world, "rs_api", forge("access", key, row))).json()).toEqual({ active: false });
      expect((await refresh(world, "app", forge("refresh", key, row))).json().error).toBe("invalid_grant");
      expect((await redeem(world, "app", forge("code", key, row))).json().error).toBe("invalid_grant");
    }
    expect(Object.keys(tokenPrefixes)).toEqual(["access", "refresh", "code"]);
  });
  test("replacing a grant, whose token is known, by one of another owner or scope changes that grant only", async () => {
    await world.store.grants.change(grant.id, () => ({
      answer: undefined,
      write: { ...grant, state: "revoked", revokedAt: 1, revokedBecause: "revoked_by_owner" },
    }));
    expect((await introspect(world, "rs_api", tokens.access_token)).json()).toEqual({ active: false });
  });
});

describe("ST-02: no credential can be written into it", () => {
  const digests: [string, (text: string) => Uint8Array][] = [
    ["the text itself", (text) => Buffer.from(text.padEnd(32).slice(0, 32))],
    ["its SHA-256", (text) => createHash("sha256").update(text).digest()],
    ["its HMAC under the empty key", (text) => createHmac("sha256", "").update(text).digest()],
    [
      "its HMAC under the empty key, with the kind",
      (text) => createHmac("sha256", "").update(`client_secret\0evil\0${text}`).digest(),
    ],
    ["the digest of another keyring", (text) => newKeyring().digest("client_secret", `evil\0${text}`)],
    ["the digest of another family", (text) => world.keyring.digest("session", `evil\0${text}`)],
  ];
  test.each(digests)("a client secret as %s", async (_, digestOf) => {
    await world.addApplication("evil", { secrets: [{ digest: digestOf(secret), createdAt: 0 }] });
    expect(
      (await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("evil") }))
        .status,
    ).toBe(401);
  });
  test("the secret slot of one application, copied to the row of another", async () => {
    const { secrets } = (await world.store.applications.find(await world.addApplication("own")))!;
    await world.addApplication("others", { secrets });
    const ask = async (id: string) =>
      (await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic(id) })).status;
    expect([await ask("own"), await ask("others")]).toEqual([200, 401]);
  });
  test("the secret slot of one resource server, copied to the row of another", async () => {
    const { secrets } = (await world.store.resourceServers.find("rs_api" as ClientId))!;
    await world.store.resourceServers.insert({
      id: "rs_others" as ClientId,
      name: "Others",
      secrets,
      resource: null,
      createdAt: 0,
      version: 0,
    });
    const ask = async (id: string) => (await introspect(world, id, tokens.access_token)).status;
    expect([await ask("rs_api"), await ask("rs_others")]).toEqual([200, 401]);
  });
  test.each(digests)("a session as %s", async (name, digestOf) => {
    const account = (await world.store.accounts.findByEmail("ann@app.example"))!;
    const cookie = `sym_se_${"A".repeat(43)}.${account.id}`;
    const digest =
      name === "the digest of another family" ? world.keyring.digest("client_secret", cookie) : digestOf(cookie);
    await world.store.sessions.insert({
      digest,
      owner: account.id,
      person: null,
      authenticatedAt: world.now(),
      idleExpiresAt: world.now() + 999,
      expiresAt: world.now() + 999,
    });
    const visitor = browserOf(world);
    visitor.cookies.set("symbolon-session", cookie);
    expect((await visitor.get(authorizeUrl("app"))).body).toContain("<h1>Sign in</h1>");
  });

  test("a session with another account written into its row", async () => {
    await world.addAccount("eve@app.example");
    const victim = (await world.store.accounts.findByEmail("ann@app.example"))!;
    const eve = browserOf(world);
    await signIn(eve, authorizeUrl("app", { prompt: "consent" }), "eve@app.example");
    const digest = world.keyring.digest("session", eve.cookies.get("symbolon-session")!);
    const session = (await world.store.sessions.find(digest))!;
    await world.store.sessions.delete(digest);
    await world.store.sessions.insert({ ...session, owner: victim.id });
    expect((await eve.get(authorizeUrl("app"))).body).toContain("<h1>Sign in</h1>");
  });
});
