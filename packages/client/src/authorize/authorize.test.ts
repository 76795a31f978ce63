import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type ScriptedProvider } from "../../test/provider.ts";
import { makeWorld } from "../../test/world.ts";
import { platformWorld } from "../edge.ts";
import type { Application } from "../application.ts";
import { createClient } from "../client.ts";
import { fitbit } from "../profiles/fitbit.ts";
import { generic } from "../profiles/generic.ts";
import { googleHealth } from "../profiles/google-health.ts";
import { gusto } from "../profiles/gusto.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { authorizationUrl } from "./authorization-url.ts";
import { beginAuthorization, type BegunAuthorization } from "./begin.ts";
import { readCallback } from "./callback.ts";
import { claimInMemory, processWideClaim } from "./claim.ts";
import { finishAuthorization } from "./finish.ts";
import { newTransactionKey } from "./transaction.ts";

let provider: ScriptedProvider;
let other: ScriptedProvider;
beforeAll(async () => void ([provider, other] = [await startProvider(), await startProvider()]));
afterAll(async () => void (await Promise.all([provider.stop(), other.stop()])));

const transactionKey = newTransactionKey();
const redirectUri = "https://app.example/cb";
const tokens = { access_token: "AT", token_type: "Bearer", refresh_token: "RT" };
const appAt = (at: ScriptedProvider, more: Partial<Application> = {}): Application => ({
  profile: symbolon,
  clientId: "cid",
  clientSecret: "sec",
  baseUrl: at.url,
  ...more,
});
const valueOf = async <T>(result: Promise<{ ok: true; value: T } | { ok: false; error: Error }>): Promise<T> => {
  const settled = await result;
  if (!settled.ok) throw settled.error;
  return settled.value;
};
const begin = async (app: Application, more: object = {}): Promise<BegunAuthorization> =>
  await valueOf(beginAuthorization(app, { redirectUri, transactionKey, ...more }));
const callbackFor = ({ state }: BegunAuthorization, more: Record<string, string> = {}): string =>
  `${redirectUri}?${new URLSearchParams({ code: "the-code", state, iss: provider.url, ...more })}`;

async function begun(app = appAt(provider), more: object = {}) {
  provider.reply({ body: tokens });
  other.reply({ body: tokens });
  const transaction = await begin(app, more);
  const ask = {
    callback: callbackFor(transaction),
    transaction: transaction.transaction,
    transactionKey,
    claim: claimInMemory(),
  };
  return { app, begun: transaction, ask };
}
/** Refused, and no request for tokens left, to anybody. */
async function isRefused(call: Promise<unknown>, failure: object): Promise<void> {
  expect(await failureOf(call)).toMatchObject({ outcome: "not_processed", ...failure });
  expect([provider.received, other.received]).toEqual([[], []]);
}

describe("RFC 7636, RFC 9700 §2.1.1: code with PKCE", () => {
  test("state and verifier are 256 random bits, and the challenge is the verifier's hash", async () => {
    const { app, begun: first, ask } = await begun();
    const url = new URL(first.url);
    expect(url.origin + url.pathname).toBe(`${provider.url}/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "cid",
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
      state: first.state,
    });
    expect(first.state).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await begin(app)).state).not.toBe(first.state);
    expect(await finishAuthorization(app, ask)).toMatchObject({ ok: true });
    const { form } = provider.received[0]!;
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      redirect_uri: redirectUri,
    });
    expect(createHash("sha256").update(form.get("code_verifier")!).digest("base64url")).toBe(
      url.searchParams.get("code_challenge"),
    );
  });
  test("scope, resource, prompt and the provider's own parameters", async () => {
    const {
      app,
      begun: sent,
      ask,
    } = await begun(appAt(provider), {
      scope: ["payroll:read", "profile:read"],
      resource: "https://api.example/",
      prompt: "consent",
      parameters: { login_hint: "ada@example.com", state: "theirs", response_type: "token" },
    });
    expect(Object.fromEntries(new URL(sent.url).searchParams)).toMatchObject({
      scope: "payroll:read profile:read",
      resource: "https://api.example/",
      prompt: "consent",
      login_hint: "ada@example.com",
      state: sent.state,
      response_type: "code",
    });
    await finishAuthorization(app, ask);
    expect(provider.received[0]!.form.get("resource")).toBe("https://api.example/");
  });
  test("the transaction tells neither state nor verifier, and is never the same twice", async () => {
    const { app, begun: one, ask } = await begun();
    expect(one.transaction).not.toContain(one.state);
    expect((await begin({ ...app, world: makeWorld() })).transaction).not.toBe(one.transaction);
    expect(await finishAuthorization(app, ask)).toMatchObject({ ok: true });
    expect(Buffer.from(one.transaction.slice(8), "base64url").toString("latin1")).not.toContain(
      provider.received[0]!.form.get("code_verifier")!,
    );
  });
  test("a key may also be a CryptoKey that nobody can read", async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const { app, begun: sent, ask } = await begun(appAt(provider), { transactionKey: key });
    expect(
      await finishAuthorization(app, { ...ask, transaction: sent.transaction, transactionKey: key }),
    ).toMatchObject({ ok: true });
  });
  test("the authorize page of each profile", () => {
    const url = (app: Application) =>
      (
        authorizationUrl(app, { clientId: "cid", redirectUri, scope: ["a"], codeChallenge: "A".repeat(43) }) as {
          value: string;
        }
      ).value;
    const query =
      "response_type=code&client_id=cid&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=a&code_challenge=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256";
    expect(url({ profile: gusto })).toBe(`https://api.gusto-demo.com/oauth/authorize?${query}`);
    expect(url({ profile: fitbit })).toBe(`https://www.fitbit.com/oauth2/authorize?${query}`);
    expect(url({ profile: fitbit, authorizeBaseUrl: "http://127.0.0.1:9/fitbit/" })).toBe(
      `http://127.0.0.1:9/fitbit/oauth2/authorize?${query}`,
    );
    expect(url({ profile: googleHealth })).toBe(
      `https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent&${query}`,
    );
    expect(url({ profile: symbolon, baseUrl: "https://id.example" })).toBe(
      `https://id.example/oauth/authorize?${query}`,
    );
    expect(url({ profile: generic, endpoints: { authorization: "https://id.example/auth?tenant=1" } })).toBe(
      `https://id.example/auth?tenant=1&${query}`,
    );
  });
  test.each([
    ["clientId", { clientId: "" }],
    ["redirectUri", { redirectUri: "" }],
    ["redirectUri", { redirectUri: "https://a\tb" }],
    ["scope", { scope: "a\nb" }],
    ["parameters.login_hint", { parameters: { login_hint: "\0" } }],
    ["transactionKey", { transactionKey: "" }],
    ["transactionKey", { transactionKey: "short" }],
    ["boundTo", { boundTo: "" }],
    ["baseUrl", { baseUrl: "http://id.example" }],
    ["baseUrl", { baseUrl: "https://id.example?x" }],
    ["baseUrl", { baseUrl: "javascript:alert(1)" }],
    ["baseUrl", { baseUrl: "https://a:b@id.example" }],
  ])("a bad %s is named", async (field, more) => {
    expect(
      await failureOf(beginAuthorization(appAt(provider), { redirectUri, transactionKey, ...more })),
    ).toMatchObject({ code: "invalid_request", field });
  });
  test("a challenge that is no hash is named, and a missing base too", async () => {
    expect(
      await failureOf(
        Promise.resolve(authorizationUrl({ profile: gusto }, { clientId: "cid", codeChallenge: "plain" })),
      ),
    ).toMatchObject({ field: "codeChallenge" });
    expect(
      await failureOf(Promise.resolve(authorizationUrl({ profile: symbolon }, { clientId: "cid" }))),
    ).toMatchObject({ field: "baseUrl" });
    expect(await failureOf(Promise.resolve(authorizationUrl({ profile: generic }, { clientId: "cid" })))).toMatchObject(
      { field: "endpoints.authorization" },
    );
  });
});

describe("MX-01, RFC 9207 §2.4: the issuer of an answer", () => {
  test.each([
    ["another", { iss: "https://evil.example" }],
    ["with a slash more", { iss: "{}/" }],
    ["in upper case", { iss: "HTTP://127.0.0.1" }],
  ])("%s is refused, and so is its error text", async (_, { iss }) => {
    const { app, begun: sent, ask } = await begun();
    const callback = callbackFor(sent, {
      iss: iss.replace("{}", provider.url),
      error: "access_denied",
      error_description: "Call this number",
    });
    await isRefused(finishAuthorization(app, { ...ask, callback }), { code: "callback_refused", field: "iss" });
    expect((await failureOf(finishAuthorization(app, { ...ask, callback }))).message).not.toContain("number");
  });
  test("missing, though the provider promises it, is refused", async () => {
    const { app, begun: sent, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, callback: `?code=c&state=${sent.state}` }), {
      code: "callback_refused",
      field: "iss",
    });
  });
  test("a provider without an issuer sends none", async () => {
    const { app, begun: sent, ask } = await begun(appAt(provider, { profile: gusto }));
    expect(await finishAuthorization(app, { ...ask, callback: `?code=c&state=${sent.state}` })).toMatchObject({
      ok: true,
    });
  });
});

describe("MX-03, RFC 9700 §4.4: a code of one provider at another", () => {
  test("cannot be put there: the transaction opens for its own issuer alone", async () => {
    const { ask } = await begun();
    await isRefused(
      finishAuthorization(appAt(other), {
        ...ask,
        callback: ask.callback.replace(encodeURIComponent(provider.url), encodeURIComponent(other.url)),
      }),
      { code: "callback_refused", field: "transaction" },
    );
  });
  test("nor for another application", async () => {
    const { app, ask } = await begun();
    await isRefused(finishAuthorization({ ...app, clientId: "other" }, ask), {
      code: "callback_refused",
      field: "transaction",
    });
  });
  test("nor where providers have no issuer: they are known by where their tokens come from", async () => {
    const { ask } = await begun(appAt(provider, { profile: gusto }));
    await isRefused(finishAuthorization(appAt(other, { profile: gusto }), ask), {
      code: "callback_refused",
      field: "transaction",
    });
  });
});

describe("MX-04, RFC 9700 §4.7: the state of an answer", () => {
  test.each<[string, (state: string) => string]>([
    ["missing", () => ""],
    ["wrong", () => "x".repeat(43)],
    ["cut short", (state) => state.slice(0, -1)],
    ["with more behind it", (state) => `${state}x`],
  ])("%s is refused", async (_, forge) => {
    const { app, begun: sent, ask } = await begun();
    const callback = callbackFor(sent, { state: forge(sent.state) });
    await isRefused(finishAuthorization(app, { ...ask, callback }), { code: "callback_refused", field: "state" });
  });
  test("of another tab is refused", async () => {
    const { app, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, callback: callbackFor(await begin(app)) }), {
      code: "callback_refused",
      field: "state",
    });
  });
  test("of another person is refused, however they came by the transaction", async () => {
    const { app, ask } = await begun(appAt(provider), { boundTo: "session-of-ada" });
    await isRefused(finishAuthorization(app, { ...ask, boundTo: "session-of-eve" }), {
      code: "callback_refused",
      field: "transaction",
    });
    await isRefused(finishAuthorization(app, ask), { code: "callback_refused", field: "transaction" });
    expect(await finishAuthorization(app, { ...ask, boundTo: "session-of-ada" })).toMatchObject({ ok: true });
  });
  test("used before is refused; it is spent before tokens are asked for, even where that fails", async () => {
    const { app, ask } = await begun();
    let spentFirst = false;
    const claim = claimInMemory();
    provider.reply((response) => {
      spentFirst = claim(new URL(ask.callback).searchParams.get("state")!, Number.POSITIVE_INFINITY) === false;
      response.writeHead(503).end();
    });
    expect(await failureOf(finishAuthorization(app, { ...ask, claim }))).toMatchObject({ code: "server_error" });
    expect(spentFirst).toBe(true);
    provider.reply({ body: tokens });
    await isRefused(finishAuthorization(app, { ...ask, claim }), { code: "callback_refused", field: "transaction" });
  });
  test("two callbacks at once: one gets tokens", async () => {
    const { app, ask } = await begun();
    const both = await Promise.all([finishAuthorization(app, ask), finishAuthorization(app, ask)]);
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
    expect(provider.received).toHaveLength(1);
  });
  test("older than ten minutes is refused", async () => {
    const world = makeWorld();
    const { app, ask } = await begun(appAt(provider, { world }));
    world.advance(10 * 60_000 + 1);
    await isRefused(finishAuthorization(app, ask), { code: "callback_refused", field: "transaction" });
  });
  test.each([
    ["sealed by another key", (text: string) => text, newTransactionKey()],
    [
      "with one character changed",
      (text: string) => text.slice(0, 20) + (text[20] === "A" ? "B" : "A") + text.slice(21),
      transactionKey,
    ],
    ["cut short", (text: string) => text.slice(0, 30), transactionKey],
    ["of another make", (text: string) => `x${text}`, transactionKey],
    ["that is somebody's JSON", () => '{"state":"x"}', transactionKey],
  ])("a transaction %s is refused", async (_, forge, key) => {
    const { app, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, transaction: forge(ask.transaction), transactionKey: key }), {
      code: "callback_refused",
      field: "transaction",
    });
  });
});

describe("MX-05: what is configured wrongly lets nobody in", () => {
  test.each<[string, object, object]>([
    ["no key", { transactionKey: undefined }, { code: "invalid_request", field: "transactionKey" }],
    ["a key of the wrong length", { transactionKey: "AAAA" }, { code: "invalid_request", field: "transactionKey" }],
    ["no claim", { claim: undefined }, { code: "invalid_request", field: "claim" }],
    [
      "a claim that throws",
      {
        claim: () => {
          throw new Error("the store of codes is away");
        },
      },
      { code: "callback_refused", field: "claim" },
    ],
    [
      "a claim that rejects",
      { claim: async () => await Promise.reject(new Error("away")) },
      { code: "callback_refused", field: "claim" },
    ],
    [
      "a claim that answers something else than true",
      { claim: () => "yes" },
      { code: "callback_refused", field: "transaction" },
    ],
    ["no transaction", { transaction: "" }, { code: "invalid_request", field: "transaction" }],
    ["no callback", { callback: "" }, { code: "invalid_request", field: "callback" }],
  ])("%s", async (_, wrong, failure) => {
    const { app, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, ...wrong }), failure);
  });
  test("no issuer where one was promised", async () => {
    const { ask } = await begun();
    await isRefused(finishAuthorization({ profile: symbolon, clientId: "cid" }, ask), {
      code: "invalid_request",
      field: "baseUrl",
    });
  });
});

describe("RFC 6749 §4.1.2: what a callback may be", () => {
  test.each([
    ["a whole URL", "https://app.example/cb?code=c&state=s"],
    ["a path", "/cb?code=c&state=s"],
    ["a query", "?code=c&state=s"],
    ["bare parameters", "code=c&state=s"],
    ["Fitbit's, with its fragment", "https://app.example/cb?code=c&state=s#_=_"],
    ["one with a fragment full of lies", "https://app.example/cb?code=c&state=s#code=x&state=y"],
  ])("%s", (_, callback) => expect(readCallback(callback)).toEqual({ code: "c", state: "s" }));
  test("a URL object too", () => expect(readCallback(new URL("https://app.example/cb?code=c"))).toEqual({ code: "c" }));
  test.each(["https://a/cb?code=c&code=d", "https://a/cb?state=s&code=%ZZ", "?code=%FF"])("%s is none", (callback) =>
    expect(readCallback(callback)).toBeUndefined(),
  );
  test("tokens in a fragment are not looked at: there is no implicit flow here", () =>
    expect(readCallback("https://app.example/cb#access_token=x")).toEqual({}));
  test("a malformed one is refused", async () => {
    const { app, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, callback: `${ask.callback}&code=again` }), {
      code: "callback_refused",
      field: "callback",
    });
  });
  test("one without a code is refused", async () => {
    const { app, begun: sent, ask } = await begun();
    await isRefused(finishAuthorization(app, { ...ask, callback: `?state=${sent.state}&iss=${provider.url}` }), {
      code: "callback_refused",
      field: "code",
    });
  });
  test.each([
    ["access_denied", "access_denied"],
    ["server_error", "server_error"],
    ["temporarily_unavailable", "server_error"],
    ["invalid_scope", "refused"],
  ])("the provider's %s", async (error, code) => {
    const { app, begun: sent, ask } = await begun();
    const callback = callbackFor(sent, {
      code: "",
      error,
      error_description: "As said.",
      error_uri: "https://id.example/why",
    });
    expect(await failureOf(finishAuthorization(app, { ...ask, callback }))).toMatchObject({
      code,
      outcome: "answered",
      reason: { code: error, description: "As said.", uri: "https://id.example/why" },
    });
    expect(provider.received).toHaveLength(0);
  });
  test("MX-08: words that repeat the code are masked", async () => {
    const { app, begun: sent, ask } = await begun();
    const callback = callbackFor(sent, {
      error: "invalid the-code",
      error_description: "The code the-code.",
      error_uri: "https://id.example/the-code",
    });
    expect((await failureOf(finishAuthorization(app, { ...ask, callback }))).reason).toEqual({
      code: "invalid [sealed]",
      description: "The code [sealed].",
      uri: "https://id.example/[sealed]",
    });
  });
  test("a code that the provider does not take", async () => {
    const { app, ask } = await begun();
    provider.reply({ status: 400, body: { error: "invalid_grant" } });
    expect(await failureOf(finishAuthorization(app, ask))).toMatchObject({
      code: "code_refused",
      operation: "finishAuthorization",
    });
  });
});

describe("the client remembers by itself", () => {
  test("key and claim are those of its making", async () => {
    provider.reply({ body: tokens });
    const client = createClient(symbolon, {
      baseUrl: provider.url,
      clientId: "cid",
      clientSecret: "sec",
      transactionKey,
    });
    const sent = await client.beginAuthorization({ redirectUri });
    const ask = { callback: callbackFor(sent), transaction: sent.transaction };
    expect((await client.finishAuthorization(ask)).accessToken.reveal()).toBe("AT");
    await expect(client.finishAuthorization(ask)).rejects.toMatchObject({ code: "callback_refused" });
  });
  test("clients made anew for each request share one memory: a page that is loaded again spends nothing", async () => {
    provider.reply({ body: tokens });
    const make = () =>
      createClient(symbolon, { baseUrl: provider.url, clientId: "cid", clientSecret: "sec", transactionKey });
    const sent = await make().beginAuthorization({ redirectUri });
    const ask = { callback: callbackFor(sent), transaction: sent.transaction };
    await make().finishAuthorization(ask);
    await expect(make().finishAuthorization(ask)).rejects.toMatchObject({
      code: "callback_refused",
      field: "transaction",
      outcome: "not_processed",
    });
    expect(provider.received).toHaveLength(1);
    const own = createClient(symbolon, { ...make().application, transactionKey, claim: () => true });
    await own.finishAuthorization(ask);
    expect(provider.received).toHaveLength(2);
  });
  test("each world has a memory of its own", () => {
    const [one, other] = [makeWorld(), makeWorld()];
    expect(processWideClaim(one)).toBe(processWideClaim(one));
    expect([
      processWideClaim(one)("a", one.epochMs()),
      processWideClaim(one)("a", one.epochMs()),
      processWideClaim(other)("a", other.epochMs()),
    ]).toEqual([true, false, true]);
  });
  test("what was claimed is forgotten when it no longer matters", () => {
    const world = makeWorld();
    const claim = claimInMemory(world);
    expect([claim("a", world.epochMs() + 10), claim("a", world.epochMs() + 10)]).toEqual([true, false]);
    world.advance(11);
    expect(claim("a", world.epochMs() + 10)).toBe(true);
  });
  test("the platform's randomness makes keys of 32 bytes", () =>
    expect(Buffer.from(newTransactionKey(platformWorld), "base64url")).toHaveLength(32));
});
