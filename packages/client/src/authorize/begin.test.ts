import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { makeWorld } from "../../test/world.ts";
import type { Application } from "../application.ts";
import { fitbit } from "../profiles/fitbit.ts";
import { generic } from "../profiles/generic.ts";
import { googleHealth } from "../profiles/google-health.ts";
import { gusto } from "../profiles/gusto.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { authorizationUrl } from "./authorization-url.ts";
import { beginAuthorization } from "./begin.ts";
import { finishAuthorization } from "./finish.ts";
import {
  provider,
  useProviders,
  transactionKey,
  redirectUri,
  appAt,
  begin,
  startAuthorization,
} from "../../test/authorize-fixture.ts";

useProviders();

describe("RFC 7636, RFC 9700 §2.1.1: authorization requests with PKCE", () => {
  test("sends 256 random bits as state, and the SHA-256 of a 256-bit verifier as challenge", async () => {
    const { app, begun: first, request } = await startAuthorization();
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
    expect(await finishAuthorization(app, request)).toMatchObject({ ok: true });
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
  test("sends scope, resource, prompt and the provider's own parameters", async () => {
    const {
      app,
      begun: sent,
      request,
    } = await startAuthorization(appAt(provider), {
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
    await finishAuthorization(app, request);
    expect(provider.received[0]!.form.get("resource")).toBe("https://api.example/");
  });
  test("seals state and verifier, differently each time", async () => {
    const { app, begun: one, request } = await startAuthorization();
    expect(one.transaction).not.toContain(one.state);
    expect((await begin({ ...app, world: makeWorld() })).transaction).not.toBe(one.transaction);
    expect(await finishAuthorization(app, request)).toMatchObject({ ok: true });
    expect(Buffer.from(one.transaction.slice(8), "base64url").toString("latin1")).not.toContain(
      provider.received[0]!.form.get("code_verifier")!,
    );
  });
  test("accepts a CryptoKey that cannot be exported", async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const { app, begun: sent, request } = await startAuthorization(appAt(provider), { transactionKey: key });
    expect(
      await finishAuthorization(app, { ...request, transaction: sent.transaction, transactionKey: key }),
    ).toMatchObject({ ok: true });
  });
  test("uses the authorization endpoint of each profile", () => {
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
  ])("names an invalid %s", async (field, more) => {
    expect(
      await failureOf(beginAuthorization(appAt(provider), { redirectUri, transactionKey, ...more })),
    ).toMatchObject({ code: "invalid_request", field });
  });
  test("names an invalid codeChallenge and a missing base URL", async () => {
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
