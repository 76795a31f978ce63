import { ClientError, exchangeCode, newTransactionKey, platformWorld, refresh, type Tokens } from "@symbolon/client";
import { assertEqual, rejection, assertTrue } from "./assert.ts";
import { clientOf, secret, type Case } from "./case.ts";

const summary = ({ accessToken, refreshToken, expiresIn, scopes }: Tokens) => [
  accessToken.reveal(),
  refreshToken?.reveal(),
  expiresIn,
  scopes,
];

export const operationCases: readonly Case[] = [
  {
    name: "an authorization code with PKCE is exchanged once",
    async run(base) {
      const client = clientOf(base, { transactionKey: newTransactionKey(platformWorld) });
      const begun = await client.beginAuthorization({ redirectUri: "https://app.example/callback", scope: ["read"] });
      const asked = new URL(begun.url).searchParams;
      assertEqual(
        [asked.get("code_challenge_method"), asked.get("code_challenge")?.length],
        ["S256", 43],
        "the challenge",
      );
      const callback = `https://app.example/callback?code=good&state=${begun.state}`;
      assertEqual(
        summary(await client.finishAuthorization({ callback, transaction: begun.transaction })),
        ["access-0", "refresh-0", 3600, ["read", "write"]],
        "the tokens",
      );
      const again = await rejection(
        client.finishAuthorization({ callback, transaction: begun.transaction }),
        "the same callback",
      );
      assertTrue(again instanceof ClientError && again.code === "callback_refused", "it was refused for what it is");
    },
  },
  {
    name: "refresh returns the next tokens",
    run: async (base) =>
      assertEqual(
        summary(await clientOf(base).refresh({ refreshToken: "refresh-0" })),
        ["access-1", "refresh-1", 3600, ["read", "write"]],
        "the tokens",
      ),
  },
  {
    name: "client credentials return a token without a refresh token",
    run: async (base) =>
      assertEqual(
        summary(await clientOf(base).clientCredentials()),
        ["of-the-application", undefined, 60, undefined],
        "the token",
      ),
  },
  {
    name: "a device sign-in is polled until the user has consented",
    async run(base) {
      const client = clientOf(base, {
        timeoutMs: 0,
        world: { ...platformWorld, sleep: (ms, signal) => platformWorld.sleep(ms / 100, signal) },
      });
      const device = await client.startDevice();
      assertEqual(device.userCode, "ABCD-EFGH", "the code to type");
      assertEqual(summary(await client.awaitDevice({ device }))[0], "access-0", "the token");
    },
  },
  {
    name: "introspection returns active tokens with their scope, and inactive ones",
    async run(base) {
      const client = clientOf(base);
      const good = await client.introspect({ token: "access-0" });
      assertEqual(
        [good.active, good.active && good.scopes, good.active && good.expiresAt?.toISOString()],
        [true, ["read"], "2030-03-17T17:46:40.000Z"],
        "the answer",
      );
      assertEqual((await client.introspect({ token: "another" })).active, false, "of another token");
    },
  },
  {
    name: "revocation ends the grant",
    async run(base) {
      const client = clientOf(base);
      assertEqual(await client.revoke({ token: "refresh-0" }), "revoked", "the answer");
      const refused = await rejection(client.refresh({ refreshToken: "refresh-0" }), "a refresh after it");
      assertTrue(
        refused instanceof ClientError && refused.code === "refresh_token_dead" && refused.status === 400,
        "the token is called dead",
      );
    },
  },
  {
    name: "token info returns the scope, and reports an expired token",
    async run(base) {
      const client = clientOf(base);
      assertEqual((await client.tokenInfo({ accessToken: "access-0" })).scopes, ["read", "write"], "the scope");
      const refused = await rejection(client.tokenInfo({ accessToken: "access-9" }), "an old token");
      assertTrue(refused instanceof ClientError && refused.code === "access_token_expired", "its code says so");
    },
  },
  {
    name: "functions return a Result: the value, or an error that names the field",
    async run(base) {
      const { application } = clientOf(base);
      const good = await refresh(application, { refreshToken: "refresh-0" });
      assertTrue(good.ok && good.value.accessToken.reveal() === "access-1", "the value is there");
      const bad = await exchangeCode(application, { code: "" });
      assertEqual(
        bad.ok ? "ok" : [bad.error.code, bad.error.field, bad.error.outcome],
        ["invalid_request", "code", "not_processed"],
        "the error",
      );
    },
  },
  {
    name: "a server that is not running is a connection error",
    async run() {
      const result = await refresh(clientOf("http://127.0.0.1:9").application, { refreshToken: "refresh-0" });
      assertTrue(!result.ok && result.error.code === "connection", "it is an error of the connection");
    },
  },
  {
    name: "a redirect is not followed with credentials",
    async run(base) {
      const { application } = clientOf(base);
      const result = await refresh(
        { ...application, endpoints: { token: `${base}/redirecting` } },
        { refreshToken: "refresh-0" },
      );
      assertTrue(!result.ok && result.error.code === "redirect_refused", "it is refused");
    },
  },
  {
    name: "a caller's signal ends the call",
    async run(base) {
      const stop = AbortSignal.abort();
      const result = await refresh(clientOf(base).application, { refreshToken: "refresh-0", signal: stop });
      assertTrue(!result.ok && result.error.code === "aborted", "it was aborted");
    },
  },
  {
    name: "tokens, client and errors print no secret",
    async run(base) {
      const client = clientOf(base);
      const tokens = await client.refresh({ refreshToken: "refresh-0" });
      const error = (await rejection(
        client.refresh({ refreshToken: "refresh-99" }),
        "an unknown token",
      )) as ClientError;
      const printed = [tokens, client.application, error, error.cause, error.message, error.stack]
        .map((one) => `${JSON.stringify(one)} ${String(one)}`)
        .join(" ");
      for (const one of ["access-1", "refresh-1", "refresh-99", secret, btoa(`client:${secret}`)])
        assertTrue(!printed.includes(one), `${one} is not printed`);
      assertTrue(printed.includes("[sealed]"), "it prints as sealed");
    },
  },
];
