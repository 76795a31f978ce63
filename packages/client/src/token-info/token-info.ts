import { absentEndpoint } from "../absent-endpoint.ts";
import { endpointOf, type Application, type Call, type Secret } from "../application.ts";
import { called, reveal, unfit } from "../arguments.ts";
import { accessTokenOf, bearer } from "../bearer.ts";
import { isObject } from "../errors/reason.ts";
import { readAnswer } from "../errors/judge.ts";
import { unreadable, type Exchange } from "../http/exchange.ts";
import { send } from "../http/send.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { scopeIn, secondsIn } from "../token/tokens.ts";

/** What a token is good for, as its own bearer may know. Null where the provider says that there is none. */
export type TokenInfo = {
  scope?: string;
  scopes?: readonly string[];
  resource?: { type?: string; uuid?: string } | null;
  resourceOwner?: { type?: string; uuid?: string } | null;
  /** Seconds to live, where the provider says. */
  expiresIn?: number;
  raw: Readonly<Record<string, unknown>>;
};

export type TokenInfoRequest = Call & {
  /** Default: the application's. */
  accessToken?: Secret;
};

/**
 * Asks what the token in hand is good for. Refuses with `access_token_expired` where the provider no longer takes it.
 */
export async function tokenInfo(
  app: Application,
  request: TokenInfoRequest = {},
  operation = "tokenInfo",
): Promise<Result<TokenInfo>> {
  request = { ...request };
  const absent = absentEndpoint(app, "tokenInfo", operation);
  if (absent !== undefined) return absent;
  const own = await accessTokenOf(app, request, operation);
  if (!own.ok) return own;
  const accessToken = own.value;
  const wrong = unfit(called(app, operation), { accessToken });
  if (wrong !== undefined) return wrong;
  const url = endpointOf(app, "tokenInfo", operation, request);
  if (!url.ok) return url;
  const token = reveal(accessToken!);
  const inForm = app.profile.quirks.tokenInfoBy === "form";
  const exchange: Exchange = {
    ...called(app, operation),
    method: inForm ? "POST" : "GET",
    url: url.value,
    headers: {
      accept: "application/json",
      ...(inForm ? { "content-type": "application/x-www-form-urlencoded" } : { authorization: bearer(token) }),
    },
    ...(inForm ? { body: new URLSearchParams({ access_token: token }).toString() } : {}),
    secrets: [token.replace(/^bearer /i, "")],
    repeatable: true,
  };
  const answer = await send(exchange, app, request);
  if (!answer.ok) return answer;
  const body = readAnswer(exchange, answer.value, {
    unauthorized: "access_token_expired",
    forbidden: "scope_insufficient",
  });
  if (!body.ok) return body;
  // An answer that has none of the three, such as one wrapped in something else, must not pass for an empty success.
  if (!["scope", "resource", "resource_owner"].some((name) => name in body.value))
    return unreadable(exchange, answer.value, "scope");
  const { resource, resource_owner, expires_in } = body.value;
  return ok(
    present({
      ...scopeIn(body.value),
      resource: partyIn(resource),
      resourceOwner: partyIn(resource_owner),
      expiresIn: secondsIn(expires_in),
      raw: body.value,
    }),
  );
}

/** `{type, uuid}`, null, or undefined where the key is absent. Types that nobody has heard of pass. */
function partyIn(value: unknown): { type?: string; uuid?: string } | null | undefined {
  if (!isObject(value)) return value === null ? null : undefined;
  const { type, uuid } = value;
  const text = (member: unknown) => (typeof member === "string" ? member : undefined);
  return present({ type: text(type), uuid: text(uuid) });
}
