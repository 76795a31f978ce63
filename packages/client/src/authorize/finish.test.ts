import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { makeWorld } from "../../test/world.ts";
import { gusto } from "../profiles/gusto.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { claimInMemory } from "./claim.ts";
import { finishAuthorization } from "./finish.ts";
import { newTransactionKey } from "./transaction.ts";
import {
  provider,
  other,
  useProviders,
  transactionKey,
  tokens,
  appAt,
  begin,
  callbackFor,
  startAuthorization,
  isRefused,
} from "../../test/authorize-fixture.ts";

useProviders();

describe("MX-01, RFC 9207 §2.4: the issuer of an authorization response", () => {
  test.each([
    ["another issuer", { iss: "https://evil.example" }],
    ["with a trailing slash", { iss: "{}/" }],
    ["in upper case", { iss: "HTTP://127.0.0.1" }],
  ])("refuses %s, and its error text", async (_, { iss }) => {
    const { app, begun: sent, request } = await startAuthorization();
    const callback = callbackFor(sent, {
      iss: iss.replace("{}", provider.url),
      error: "access_denied",
      error_description: "Call this number",
    });
    await isRefused(finishAuthorization(app, { ...request, callback }), { code: "callback_refused", field: "iss" });
    expect((await failureOf(finishAuthorization(app, { ...request, callback }))).message).not.toContain("number");
  });
  test("refuses a missing iss where the provider promises it", async () => {
    const { app, begun: sent, request } = await startAuthorization();
    await isRefused(finishAuthorization(app, { ...request, callback: `?code=c&state=${sent.state}` }), {
      code: "callback_refused",
      field: "iss",
    });
  });
  test("accepts a missing iss where the provider has no issuer", async () => {
    const { app, begun: sent, request } = await startAuthorization(appAt(provider, { profile: gusto }));
    expect(await finishAuthorization(app, { ...request, callback: `?code=c&state=${sent.state}` })).toMatchObject({
      ok: true,
    });
  });
});

describe("MX-03, RFC 9700 §4.4: mix-up of providers", () => {
  test("the transaction does not open for another issuer", async () => {
    const { request } = await startAuthorization();
    await isRefused(
      finishAuthorization(appAt(other), {
        ...request,
        callback: request.callback.replace(encodeURIComponent(provider.url), encodeURIComponent(other.url)),
      }),
      { code: "callback_refused", field: "transaction" },
    );
  });
  test("the transaction does not open for another client", async () => {
    const { app, request } = await startAuthorization();
    await isRefused(finishAuthorization({ ...app, clientId: "other" }, request), {
      code: "callback_refused",
      field: "transaction",
    });
  });
  test("the transaction does not open for another token endpoint where providers have no issuer", async () => {
    const { request } = await startAuthorization(appAt(provider, { profile: gusto }));
    await isRefused(finishAuthorization(appAt(other, { profile: gusto }), request), {
      code: "callback_refused",
      field: "transaction",
    });
  });
});

describe("MX-04, RFC 9700 §4.7: the state of an authorization response", () => {
  test.each<[string, (state: string) => string]>([
    ["missing", () => ""],
    ["wrong", () => "x".repeat(43)],
    ["truncated", (state) => state.slice(0, -1)],
    ["with an extra character", (state) => `${state}x`],
  ])("%s is refused", async (_, forge) => {
    const { app, begun: sent, request } = await startAuthorization();
    const callback = callbackFor(sent, { state: forge(sent.state) });
    await isRefused(finishAuthorization(app, { ...request, callback }), { code: "callback_refused", field: "state" });
  });
  test("refuses the state of another tab", async () => {
    const { app, request } = await startAuthorization();
    await isRefused(finishAuthorization(app, { ...request, callback: callbackFor(await begin(app)) }), {
      code: "callback_refused",
      field: "state",
    });
  });
  test("refuses a transaction that is bound to another session (boundTo)", async () => {
    const { app, request } = await startAuthorization(appAt(provider), { boundTo: "session-of-ada" });
    await isRefused(finishAuthorization(app, { ...request, boundTo: "session-of-eve" }), {
      code: "callback_refused",
      field: "transaction",
    });
    await isRefused(finishAuthorization(app, request), { code: "callback_refused", field: "transaction" });
    expect(await finishAuthorization(app, { ...request, boundTo: "session-of-ada" })).toMatchObject({ ok: true });
  });
  test("refuses a state that was used before, even if the token request failed", async () => {
    const { app, request } = await startAuthorization();
    let spentFirst = false;
    const claim = claimInMemory();
    provider.reply((response) => {
      spentFirst = claim(new URL(request.callback).searchParams.get("state")!, Number.POSITIVE_INFINITY) === false;
      response.writeHead(503).end();
    });
    expect(await failureOf(finishAuthorization(app, { ...request, claim }))).toMatchObject({ code: "server_error" });
    expect(spentFirst).toBe(true);
    provider.reply({ body: tokens });
    await isRefused(finishAuthorization(app, { ...request, claim }), {
      code: "callback_refused",
      field: "transaction",
    });
  });
  test("gives tokens to only one of two simultaneous callbacks", async () => {
    const { app, request } = await startAuthorization();
    const both = await Promise.all([finishAuthorization(app, request), finishAuthorization(app, request)]);
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
    expect(provider.received).toHaveLength(1);
  });
  test("refuses a transaction older than ten minutes", async () => {
    const world = makeWorld();
    const { app, request } = await startAuthorization(appAt(provider, { world }));
    world.advance(10 * 60_000 + 1);
    await isRefused(finishAuthorization(app, request), { code: "callback_refused", field: "transaction" });
  });
  test.each([
    ["sealed by another key", (text: string) => text, newTransactionKey()],
    [
      "with one character changed",
      (text: string) => text.slice(0, 20) + (text[20] === "A" ? "B" : "A") + text.slice(21),
      transactionKey,
    ],
    ["truncated", (text: string) => text.slice(0, 30), transactionKey],
    ["with another prefix", (text: string) => `x${text}`, transactionKey],
    ["that is plain JSON", () => '{"state":"x"}', transactionKey],
  ])("refuses a transaction %s", async (_, forge, key) => {
    const { app, request } = await startAuthorization();
    await isRefused(
      finishAuthorization(app, { ...request, transaction: forge(request.transaction), transactionKey: key }),
      {
        code: "callback_refused",
        field: "transaction",
      },
    );
  });
});

describe("MX-05: wrong configuration is an error", () => {
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
      "a claim that returns anything but true",
      { claim: () => "yes" },
      { code: "callback_refused", field: "transaction" },
    ],
    ["no transaction", { transaction: "" }, { code: "invalid_request", field: "transaction" }],
    ["no callback", { callback: "" }, { code: "invalid_request", field: "callback" }],
  ])("%s", async (_, wrong, failure) => {
    const { app, request } = await startAuthorization();
    await isRefused(finishAuthorization(app, { ...request, ...wrong }), failure);
  });
  test("an issuer is missing where the profile promises one", async () => {
    const { request } = await startAuthorization();
    await isRefused(finishAuthorization({ profile: symbolon, clientId: "cid" }, request), {
      code: "invalid_request",
      field: "baseUrl",
    });
  });
});
