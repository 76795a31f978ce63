import { endpointOf, type Application, type Call, type Secret } from "../application.ts";
import { firstUnfit, reveal } from "../arguments.ts";
import type { ClientErrorCode } from "../errors/client-error.ts";
import { readAnswer } from "../errors/judge.ts";
import { invalid, type Answer, type Exchange } from "../http/exchange.ts";
import { send } from "../http/send.ts";
import type { Result } from "../result.ts";
import { authenticate } from "./authenticate.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** A request to the token endpoint, whatever its grant. */
export type Grant = {
  operation: string;
  parameters: Readonly<Record<string, string | undefined>>;
  /** Which of the parameters are secret. */
  secrets: readonly string[];
  /** What the provider's codes mean for this grant. */
  codes?: Readonly<Record<string, ClientErrorCode>>;
  /** Whether the same request may be sent again without spending anything. */
  repeatable?: boolean;
};

/** Credentials for one call, instead of the application's. */
export type CallCredentials = { clientId?: string; clientSecret?: Secret };

/** The tokens, the body and the answer that they came with. */
export type Granted = { tokens: Tokens; body: Record<string, unknown>; answer: Answer };

/** Authenticates, sends, and reads the answer: the one way to the token endpoint. @see RFC 6749 §3.2, §5 */
export async function requestTokens(app: Application, grant: Grant, call: Call & CallCredentials): Promise<Result<Granted>> {
  const exchange = tokenExchange(app, grant, call);
  if (!exchange.ok) return exchange;
  const answer = await send(exchange.value, app, call);
  if (!answer.ok) return answer;
  const { quirks } = app.profile;
  const codes = { ...grant.codes, ...quirks.refusals };
  const body = readAnswer(exchange.value, answer.value, { codes, unauthorized: "client_credentials_wrong", forbidden: "client_refused" });
  if (!body.ok) return body;
  const tokens = readTokens(exchange.value, answer.value, body.value, quirks);
  return tokens.ok ? { ok: true, value: { tokens: tokens.value, body: body.value, answer: answer.value } } : tokens;
}

/** A POST with the client's credentials, to the token endpoint or another that takes them. */
export function tokenExchange(app: Application, grant: Grant, call: Call & CallCredentials, endpoint: "token" | "introspection" | "revocation" | "deviceAuthorization" = "token"): Result<Exchange> {
  const { operation, parameters, secrets, repeatable = false } = grant;
  const called = { provider: app.profile.name, operation };
  const clientId = call.clientId ?? app.clientId;
  const clientSecret = call.clientSecret ?? app.clientSecret;
  const unfit = firstUnfit({ clientId }, { clientSecret, ...parameters });
  if (unfit !== undefined) return invalid(called, ...unfit);
  const url = endpointOf(app, endpoint, operation, call);
  if (!url.ok) return url;
  const style = app.authentication ?? app.profile.authentication;
  const proof = authenticate(style, clientId!, clientSecret === undefined ? undefined : reveal(clientSecret));
  const sent = Object.entries({ ...parameters, ...proof.parameters }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const isJson = style === "client_secret_json";
  return {
    ok: true,
    value: {
      ...called,
      method: "POST",
      url: url.value,
      headers: { accept: "application/json", "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded", ...proof.headers },
      body: isJson ? JSON.stringify(Object.fromEntries(sent)) : new URLSearchParams(sent).toString(),
      secrets: [...secrets, ...proof.secrets],
      repeatable,
    },
  };
}
