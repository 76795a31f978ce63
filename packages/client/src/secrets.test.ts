import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../test/failure.ts";
import { deadAddress, startProvider, type Reply, type ScriptedProvider } from "../test/provider.ts";
import type { Application } from "./application.ts";
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
import { generic } from "./profiles/generic.ts";
import type { Result } from "./result.ts";
import { introspect } from "./introspect/introspect.ts";
import { revoke } from "./revoke/revoke.ts";
import { tokenInfo } from "./token-info/token-info.ts";
import { clientCredentials } from "./token/client-credentials.ts";
import { exchangeCode } from "./token/exchange-code.ts";
import { refresh } from "./token/refresh.ts";
import { revealTokens } from "./token/reveal-tokens.ts";

/** With every character that some encoding changes. */
const secret = (name: string) => `S3cr+t/${name}="ü%~ x&é'`;
const [clientSecret, refreshToken, token, code, codeVerifier] = ["client", "refresh", "token", "code", "verifier"].map(
  secret,
) as [string, string, string, string, string];
const accessToken = "AT.s3cret+/access==";
const all = [clientSecret, refreshToken, token, code, codeVerifier, accessToken, "new-s3cret"];

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const app = (more: Partial<Application> = {}, at = provider.url): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret,
  accessToken,
  endpoints: {
    authorization: `${at}/authorize`,
    token: `${at}/token`,
    introspection: `${at}/introspect`,
    revocation: `${at}/revoke`,
    tokenInfo: `${at}/info`,
  },
  ...more,
});

/** Every spelling in which a secret may come out of an encoder. */
const spellings = (of: string): string[] => {
  const basic = (id: string, password: string) => Buffer.from(`${id}:${password}`).toString("base64");
  const form = new URLSearchParams({ a: of }).toString().slice(2);
  const small = (text: string) => text.replace(/%../g, (byte) => byte.toLowerCase());
  return [
    of,
    form,
    small(form),
    encodeURIComponent(of),
    small(encodeURIComponent(of)),
    JSON.stringify(of).slice(1, -1),
    of.replaceAll("/", "\\/"),
    basic("cid", of),
    basic("cid", form),
  ];
};
function tellsNothing(value: unknown): void {
  const printed = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value) ?? "",
    String(value),
  ];
  if (value instanceof Error)
    for (let error: unknown = value; error instanceof Error; error = error.cause)
      printed.push(
        String(error.stack),
        error.message,
        JSON.stringify(error),
        inspect(Object.getOwnPropertyDescriptors(error)),
      );
  for (const text of printed) for (const known of all.flatMap(spellings)) expect(text).not.toContain(known);
}

/** Says back whatever came, in the ways in which providers and proxies do. */
const echo =
  (status: number, shape: (text: string) => unknown): Reply =>
  (response, { headers, body, query }) => {
    const text = `${headers.authorization ?? ""} ${decodeURIComponent(body.replaceAll("+", " ").replace(/%(?![0-9A-F]{2})/g, "%25"))} ${body} ${query}`;
    const said = shape(text);
    response.writeHead(status, {
      "content-type": "application/json",
      "x-echo": encodeURIComponent(text).slice(0, 4000),
      "set-cookie": `a=${encodeURIComponent(text).slice(0, 3000)}`,
    });
    response.end(typeof said === "string" ? said : JSON.stringify(said));
  };
const ways: [string, Reply][] = [
  ["an OAuth error", echo(400, (text) => ({ error: "invalid_grant", error_description: `Bad: ${text}` }))],
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
  ["a page that looks good", echo(200, (text) => `<html>${text}</html>`)],
  [
    "half of the tokens",
    echo(200, () => '{"access_token":"new-s3cret","refresh_token":"new-s3cret","id_token": "new-s3cret"'),
  ],
  ["tokens without a type", echo(200, () => ({ access_token: "new-s3cret", refresh_token: "new-s3cret", raw: true }))],
  ["tokens cut short in the middle of one", echo(200, () => '{"access_token":"AT","refresh_token":"new-s3cret')],
  ["tokens as a form", echo(200, () => "token_type=bearer&access_token=new-s3cret")],
  ["tokens in XML", echo(200, () => "<tokens><access_token>new-s3cret</access_token></tokens>")],
  ["tokens in what Python prints", echo(200, () => "{'access_token': 'new-s3cret'}")],
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
  ["a connection that breaks", (response) => void response.destroy()],
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

describe("MX-09: errors hold no secret", () => {
  describe.each(verbs)("%s", (_, call) => {
    test.each(ways)("answered with %s", async (_, reply) => {
      provider.reply(reply);
      for (const authentication of [
        "client_secret_basic",
        "basic_raw",
        "client_secret_post",
        "client_secret_json",
      ] satisfies ClientAuthentication[]) {
        const result = await call(app({ authentication }));
        if (!result.ok) tellsNothing(result.error);
      }
    });
    test("where nothing listens, or nothing comes", async () => {
      const dead = await deadAddress();
      tellsNothing(await failureOf(call(app({}, dead))));
      provider.reply(() => {});
      tellsNothing(await failureOf(call(app({ timeoutMs: 10 }))));
    });
    test("where the platform's own error quotes the request", async () => {
      const quoting: typeof fetch = async (url, init) => {
        const told = `${String(url)} ${[...new Headers(init?.headers)].join()} ${String(init?.body)}`;
        throw Object.assign(new TypeError(`fetch failed: ${told}`, { cause: new Error(told, { cause: { told } }) }), {
          request: init,
          code: told,
        });
      };
      const error = await failureOf(call(app({ fetch: quoting })));
      expect(error).toMatchObject({ code: "connection", outcome: "unknown" });
      tellsNothing(error);
    });
    test("in the debug log", async () => {
      const lines: unknown[] = [];
      const logger = {
        group: (label?: string) => void lines.push(label),
        groupEnd: () => {},
        log: (...message: unknown[]) => void lines.push(...message),
      };
      for (const [, reply] of ways) {
        provider.reply(reply);
        await call(app({ hooks: debugLog(logger) }));
      }
      expect(lines.length).toBeGreaterThan(20);
      tellsNothing(lines);
    });
  });

  test("nor does the debug log print headers of the caller's own that are secret by their name", async () => {
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
    tellsNothing(lines);
    expect(JSON.stringify(lines)).toContain('"x-tenant":"acme"');
  });
  test("nor a cookie of the provider's", async () => {
    provider.reply({ status: 400, headers: { "set-cookie": "session=theirs", "x-kept": "1" } });
    const { headers } = await failureOf(refresh(app(), { refreshToken }));
    expect(headers).toMatchObject({ "x-kept": "1" });
    expect(headers).not.toHaveProperty("set-cookie");
  });
  test("nor does a bad argument", async () => {
    tellsNothing(await failureOf(refresh(app(), { refreshToken: `${refreshToken}\n` })));
    tellsNothing(await failureOf(tokenInfo(app({ accessToken: `${accessToken}\r\nx: y` }))));
    tellsNothing(await failureOf(tokenInfo(app({ headers: { "x-a": `${accessToken}\n` } }))));
  });
  test("nor does a callback that is refused", async () => {
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
    for (const query of queries) tellsNothing(await failureOf(finish(query)));
    tellsNothing(
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
    tellsNothing(await failureOf(finish({ code, state }, { transactionKey: clientSecret })));
  });
  test("nor does the seed's query mode, which puts them into the URL", async () => {
    const app = createFitbit({ baseUrl: provider.url, clientId: "cid", clientSecret });
    provider.reply(...ways.map(([, reply]) => reply));
    for (const _ of ways)
      await app.auth
        .oauthToken({ grantType: "refresh_token", refreshToken, parametersIn: "query" })
        .then(tellsNothing, tellsNothing);
  });
});

describe("MX-09: nor does anything else that is printed", () => {
  test("a client", () => {
    tellsNothing(createClient(fitbit, { clientId: "cid", clientSecret, accessToken, transactionKey: "new-s3cret" }));
    tellsNothing(createGusto({ clientId: "cid", clientSecret, companyAccessAuth: accessToken }));
    tellsNothing(createFitbit({ clientId: "cid", clientSecret, accessToken }));
  });
  test("tokens; in the clear they come out of one function", async () => {
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
    tellsNothing(tokens.value);
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

describe("gusto 4.1, 7: the debug log of Gusto", () => {
  const heard = async (env: Record<string, string>, own = false) => {
    const lines: unknown[] = [];
    const logger = {
      group: (label?: string) => void lines.push(label),
      groupEnd: () => {},
      log: (...message: unknown[]) => void lines.push(...message),
    };
    const original = globalThis.console;
    globalThis.console = Object.assign(Object.create(original) as Console, logger);
    try {
      provider.reply({ body: { scope: "a" } });
      await createGusto({
        baseUrl: provider.url,
        companyAccessAuth: accessToken,
        env,
        ...(own ? { debugLogger: logger } : {}),
      }).introspection.getInfo();
    } finally {
      globalThis.console = original;
    }
    return lines;
  };
  test.each(["false", "0", "", "no", "off", "FALSE"])("GUSTO_DEBUG=%s is off", async (value) =>
    expect(await heard({ GUSTO_DEBUG: value })).toEqual([]),
  );
  test.each<Record<string, string>>([{ GUSTO_DEBUG: "true" }, { GUSTO_DEBUG: "1" }, { GUSTOEMBEDDED_DEBUG: "true" }])(
    "%j is on, without secrets",
    async (env) => {
      const lines = await heard(env);
      expect(lines.join("\n")).toContain("gusto introspection.getInfo, attempt 1: GET");
      tellsNothing(lines);
    },
  );
  test("a logger of the caller's hears whatever the environment says", async () =>
    expect(await heard({ GUSTO_DEBUG: "false" }, true)).not.toEqual([]));
});
