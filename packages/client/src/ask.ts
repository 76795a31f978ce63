import { endpointOf, type Application, type Call, type Secret } from "./application.ts";
import { called, reveal, unfit } from "./arguments.ts";
import { bearer } from "./bearer.ts";
import { authenticate } from "./authenticate.ts";
import type { ClientErrorCode } from "./errors/client-error.ts";
import { readAnswer } from "./errors/judge.ts";
import type { Answer, Exchange } from "./http/exchange.ts";
import { send } from "./http/send.ts";
import { present } from "./present.ts";
import type { Endpoints } from "./profile.ts";
import { ok, type Result } from "./result.ts";

/** A POST to one of the endpoints that a client proves itself at. */
export type Ask = {
  operation: string;
  /** Default: the token endpoint. */
  endpoint?: keyof Endpoints;
  /** By our names: `refreshToken` goes out as `refresh_token`. */
  parameters: Readonly<Record<string, Secret | undefined>>;
  /** Several go out as so many parameters, or as a list in JSON. @see RFC 8707 §2 */
  resource?: string | readonly string[] | undefined;
  /** Those without which nothing is sent. */
  needs?: readonly string[];
  /**
   * Instead of the client's own credentials: a token to be the bearer of, or the whole value of the Authorization
   * header.
   */
  accessToken?: Secret;
  authorization?: Secret;
  /** What the provider's codes mean here. */
  codes?: Readonly<Record<string, ClientErrorCode>>;
  /** What 401 means. Default: the client's credentials are wrong. */
  unauthorized?: ClientErrorCode;
  /** Whether the same request may be sent again without spending anything. */
  repeatable?: boolean;
  /** Whether 200 or 204 with an empty body is a good answer. */
  mayBeEmpty?: boolean;
};

/** Codes, verifiers and tokens; not the type of one. */
const secretNames = /^(?:device_)?code|token$/;

/** Credentials for one call, instead of the application's. */
export type CallCredentials = { clientId?: string; clientSecret?: Secret };

/** A good answer: its members, and how it came. */
export type Reply = { body: Record<string, unknown>; exchange: Exchange; answer: Answer };

/** Authenticates, sends, and reads the answer. @see RFC 6749 §2.3, §3.2 */
export async function ask(app: Application, what: Ask, call: Call & CallCredentials): Promise<Result<Reply>> {
  const exchange = exchangeOf(app, what, call);
  return exchange.ok ? await replyTo(app, exchange.value, what, call) : exchange;
}

/** The request, ready to be sent. */
export function exchangeOf(app: Application, what: Ask, call: Call & CallCredentials): Result<Exchange> {
  const {
    operation,
    endpoint = "token",
    parameters,
    resource,
    needs = [],
    accessToken,
    authorization = accessToken,
    repeatable = false,
  } = what;
  const { clientId = app.clientId, clientSecret = app.clientSecret } = present({ ...call });
  const by = called(app, operation);
  const resources = [resource ?? []].flat();
  const wrong =
    unfit(
      by,
      { ...parameters, clientId, clientSecret, accessToken, authorization },
      authorization === undefined ? [...needs, "clientId"] : needs,
    ) ?? resources.map((one) => unfit(by, { resource: one })).find(Boolean);
  if (wrong !== undefined) return wrong;
  const url = endpointOf(app, endpoint, operation, call);
  if (!url.ok) return url;
  const style = app.authentication ?? app.profile.authentication;
  const proof = authenticate(
    style,
    clientId ?? "",
    clientSecret && reveal(clientSecret),
    accessToken ? bearer(accessToken) : authorization && reveal(authorization),
  );
  const sent: Record<string, string> = {};
  const secrets = [...proof.secrets];
  for (const [ours, value] of Object.entries(present(parameters))) {
    const name = ours.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    sent[name] = reveal(value!);
    if (secretNames.test(name)) secrets.push(sent[name]);
  }
  Object.assign(sent, proof.parameters);
  const isJson = style === "client_secret_json";
  return ok({
    ...by,
    method: "POST",
    url: url.value,
    headers: {
      accept: "application/json",
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
      ...proof.headers,
    },
    body: isJson
      ? JSON.stringify({ ...sent, resource: resources[0] && resource })
      : new URLSearchParams([...Object.entries(sent), ...resources.map((one) => ["resource", one])]).toString(),
    secrets,
    repeatable,
  });
}

/** Sends a request that is ready, and reads the answer. */
export async function replyTo(
  app: Application,
  exchange: Exchange,
  { codes, unauthorized = "client_credentials_wrong", mayBeEmpty }: Partial<Ask>,
  call: Call,
): Promise<Result<Reply>> {
  const answer = await send(exchange, app, call);
  if (!answer.ok) return answer;
  const isEmpty = mayBeEmpty === true && /^20[04]$/.test(answer.value.status + answer.value.body);
  const body = isEmpty
    ? { ok: true as const, value: {} }
    : readAnswer(exchange, answer.value, {
        codes: { ...codes, ...app.profile.quirks.refusals },
        unauthorized,
        forbidden: "client_refused",
      });
  return body.ok ? ok({ body: body.value, exchange, answer: answer.value }) : body;
}
