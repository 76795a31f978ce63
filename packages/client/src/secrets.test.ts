import { expect, describe, test } from "vitest";
import { type Reply, deadAddress } from "../test/provider.ts";
import type { Application } from "./application.ts";
import type { Result } from "./result.ts";
import { introspect } from "./introspect/introspect.ts";
import { revoke } from "./revoke/revoke.ts";
import { tokenInfo } from "./token-info/token-info.ts";
import { clientCredentials } from "./token/client-credentials.ts";
import { exchangeCode } from "./token/exchange-code.ts";
import { refresh } from "./token/refresh.ts";
import { failureOf } from "../test/failure.ts";
import { beginAuthorization } from "./authorize/begin.ts";
import { claimInMemory } from "./authorize/claim.ts";
import { finishAuthorization } from "./authorize/finish.ts";
import { newTransactionKey } from "./authorize/transaction.ts";
import { createClient } from "./client.ts";
import { createFitbit } from "./fitbit/fitbit.ts";
import { createGusto } from "./gusto/gusto.ts";
import { debugLog } from "./http/debug-log.ts";
import type { ClientAuthentication } from "./profile.ts";
import { fitbit } from "./profiles/fitbit.ts";
import { revealTokens } from "./token/reveal-tokens.ts";
import {
  accessToken,
  app,
  clientSecret,
  code,
  codeVerifier,
  echo,
  provider,
  refreshToken,
  expectNoSecret,
  token,
  useProvider,
} from "../test/secrets-fixture.ts";

useProvider();

const responses: [string, Reply][] = [
  [
    "an OAuth error that repeats it",
    echo(400, (text) => ({ error: "invalid_grant", error_description: `Bad: ${text}` })),
  ],
  ["an error code", echo(400, (text) => ({ error: text }))],
  [
    "Fitbit's errors",
    echo(401, (text) => ({
      errors: [
        { errorType: "invalid_client", message: `Received authorization header = ${text}` },
        { errorType: "x", message: text },
      ],
    })),
  ],
  ["Gusto's errors", echo(422, (text) => ({ errors: [{ category: "x", error_key: text, message: text }] }))],
  [
    "escaped slashes",
    echo(400, (text) => JSON.stringify({ error: "x", error_description: text }).replaceAll("/", "\\/")),
  ],
  ["a page", echo(500, (text) => `<html>${text}</html>`)],
  ["a page with status 200", echo(200, (text) => `<html>${text}</html>`)],
  [
    "half of the tokens",
    echo(200, () => '{"access_token":"new-s3cret","refresh_token":"new-s3cret","id_token": "new-s3cret"'),
  ],
  ["tokens without a type", echo(200, () => ({ access_token: "new-s3cret", refresh_token: "new-s3cret", raw: true }))],
  ["tokens truncated in the middle of one", echo(200, () => '{"access_token":"AT","refresh_token":"new-s3cret')],
  ["tokens as a form", echo(200, () => "token_type=bearer&access_token=new-s3cret")],
  ["tokens in XML", echo(200, () => "<tokens><access_token>new-s3cret</access_token></tokens>")],
  ["tokens as a Python dictionary", echo(200, () => "{'access_token': 'new-s3cret'}")],
  [
    "tokens in a text in JSON",
    echo(200, () => JSON.stringify({ result: JSON.stringify({ access_token: "new-s3cret" }) })),
  ],
  [
    "tokens in lists, and by other names",
    echo(200, () => ({ access_token: ["new-s3cret"], jwt: "new-s3cret", apiKey: "new-s3cret" })),
  ],
  [
    "a redirect with tokens in its fragment",
    (response) => void response.writeHead(302, { location: "https://app.example/#access_token=new-s3cret" }).end(),
  ],
  [
    "escapes in small letters",
    echo(400, (text) => ({
      error: "x",
      error_description: encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
    })),
  ],
  [
    "a redirect with the query in it",
    (response, { body }) => void response.writeHead(302, { location: `/login?${body}` }).end(),
  ],
  ["a broken connection", (response) => void response.destroy()],
];
const verbs: [string, (app: Application) => Promise<Result<unknown>>][] = [
  ["refresh", (app) => refresh(app, { refreshToken })],
  ["exchangeCode", (app) => exchangeCode(app, { code, codeVerifier, redirectUri: "https://app.example/cb" })],
  ["clientCredentials", (app) => clientCredentials(app)],
  ["introspect", (app) => introspect(app, { token })],
  ["introspect as bearer", (app) => introspect(app, { token, accessToken })],
  ["revoke", (app) => revoke(app, { token })],
  ["tokenInfo", (app) => tokenInfo(app)],
];

describe("MX-09: errors contain no secret", () => {
  describe.each(verbs)("%s", (_, call) => {
    test.each(responses)("the response is %s", async (_, reply) => {
      provider.reply(reply);
      for (const authentication of [
        "client_secret_basic",
        "basic_raw",
        "client_secret_post",
        "client_secret_json",
      ] satisfies ClientAuthentication[]) {
        const result = await call(app({ authentication }));
        if (!result.ok) expectNoSecret(result.error);
      }
    });
    test("no connection, or no response", async () => {
      const dead = await deadAddress();
      expectNoSecret(await failureOf(call(app({}, dead))));
      provider.reply(() => {});
      expectNoSecret(await failureOf(call(app({ timeoutMs: 10 }))));
    });
    test("the platform's own error quotes the request", async () => {
      const quoting: typeof fetch = async (url, init) => {
        const request = `${String(url)} ${[...new Headers(init?.headers)].join()} ${String(init?.body)}`;
        throw Object.assign(
          new TypeError(`fetch failed: ${request}`, { cause: new Error(request, { cause: { request } }) }),
          {
            request: init,
            code: request,
          },
        );
      };
      const error = await failureOf(call(app({ fetch: quoting })));
      expect(error).toMatchObject({ code: "connection", outcome: "unknown" });
      expectNoSecret(error);
    });
    test("the debug log", async () => {
      const lines: unknown[] = [];
      const logger = {
        group: (label?: string) => void lines.push(label),
        groupEnd: () => {},
        log: (...message: unknown[]) => void lines.push(...message),
      };
      for (const [, reply] of responses) {
        provider.reply(reply);
        await call(app({ hooks: debugLog(logger) }));
      }
      expect(lines.length).toBeGreaterThan(20);
      expectNoSecret(lines);
    });
  });

  test("the debug log masks the caller's headers that are secret by their name", async () => {
    const lines: unknown[] = [];
    const logger = { group: () => {}, groupEnd: () => {}, log: (...message: unknown[]) => void lines.push(...message) };
    provider.reply({ status: 400, body: {} });
    await refresh(
      app({
        headers: { "x-api-key": accessToken, "proxy-authorization": `Basic ${accessToken}`, "x-tenant": "acme" },
        hooks: debugLog(logger),
      }),
      { refreshToken },
    );
    expectNoSecret(lines);
    expect(JSON.stringify(lines)).toContain('"x-tenant":"acme"');
  });
  test("errors contain no cookie of the provider", async () => {
    provider.reply({ status: 400, headers: { "set-cookie": "session=theirs", "x-kept": "1" } });
    const { headers } = await failureOf(refresh(app(), { refreshToken }));
    expect(headers).toMatchObject({ "x-kept": "1" });
    expect(headers).not.toHaveProperty("set-cookie");
  });
  test("an invalid argument is not repeated", async () => {
    expectNoSecret(await failureOf(refresh(app(), { refreshToken: `${refreshToken}\n` })));
    expectNoSecret(await failureOf(tokenInfo(app({ accessToken: `${accessToken}\r\nx: y` }))));
    expectNoSecret(await failureOf(tokenInfo(app({ headers: { "x-a": `${accessToken}\n` } }))));
  });
  test("a refused callback is not repeated", async () => {
    const transactionKey = newTransactionKey();
    const begun = await beginAuthorization(app(), { redirectUri: "https://app.example/cb", transactionKey });
    if (!begun.ok) return expect.fail();
    const { state, transaction } = begun.value;
    const finish = (query: Record<string, string>, more: object = {}) =>
      finishAuthorization(app(), {
        callback: `?${new URLSearchParams(query)}`,
        transaction,
        transactionKey,
        claim: claimInMemory(),
        ...more,
      });
    const queries: Record<string, string>[] = [{ code, state: "wrong" }, { code, state, error: code }, { state }];
    for (const query of queries) expectNoSecret(await failureOf(finish(query)));
    expectNoSecret(
      await failureOf(
        finish(
          { code, state },
          {
            claim: () => {
              throw new Error(`cannot store ${code}`);
            },
          },
        ),
      ),
    );
    expectNoSecret(await failureOf(finish({ code, state }, { transactionKey: clientSecret })));
  });
  test("secrets sent in the query (parametersIn) do not appear", async () => {
    const app = createFitbit({ baseUrl: provider.url, clientId: "cid", clientSecret });
    provider.reply(...responses.map(([, reply]) => reply));
    for (const _ of responses)
      await app.auth
        .oauthToken({ grantType: "refresh_token", refreshToken, parametersIn: "query" })
        .then(expectNoSecret, expectNoSecret);
  });
});

describe("MX-09: printing clients and tokens shows no secret", () => {
  test("printing a client", () => {
    expectNoSecret(createClient(fitbit, { clientId: "cid", clientSecret, accessToken, transactionKey: "new-s3cret" }));
    expectNoSecret(createGusto({ clientId: "cid", clientSecret, companyAccessAuth: accessToken }));
    expectNoSecret(createFitbit({ clientId: "cid", clientSecret, accessToken }));
  });
  test("printing tokens; revealTokens returns them in the clear", async () => {
    provider.reply({
      body: {
        access_token: "new-s3cret-a",
        token_type: "Bearer",
        refresh_token: "new-s3cret-r",
        id_token: "new-s3cret-i",
        expires_in: 60,
        scope: "a",
      },
    });
    const tokens = await refresh(app(), { refreshToken });
    if (!tokens.ok) return expect.fail();
    expectNoSecret(tokens.value);
    expect(revealTokens(tokens.value)).toEqual({
      access_token: "new-s3cret-a",
      token_type: "Bearer",
      refresh_token: "new-s3cret-r",
      id_token: "new-s3cret-i",
      expires_at: tokens.value.expiresAt!.toISOString(),
      scope: "a",
    });
  });
});
