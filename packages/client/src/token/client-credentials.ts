import type { Application, Call } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import type { CallCredentials } from "../ask.ts";
import { invalid } from "../http/exchange.ts";
import type { Result } from "../result.ts";
import { scopeText, type ScopeRequest } from "../scope.ts";
import { requestTokens, tokensOf } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

export type ClientCredentialsRequest<Scope extends string = string> = Call &
  CallCredentials & {
    scope?: ScopeRequest<Scope>;
    /** The URI of the resource server that the token is for. @see RFC 8707 */
    resource?: string;
    /** A lifetime in seconds, where the provider lets the client choose. */
    expiresIn?: number;
  };

/** A token for the application itself: no person behind it, no refresh token. @see RFC 6749 §4.4 */
export async function clientCredentials<Scope extends string>(
  app: Application<Scope>,
  request: ClientCredentialsRequest<Scope> = {},
): Promise<Result<Tokens>> {
  request = { ...request };
  const operation = "clientCredentials";
  const scope = scopeText(request.scope);
  const { resource, expiresIn, clientSecret = app.clientSecret } = request;
  const by = called(app, operation);
  const wrong =
    unfit(by, { clientSecret }) ??
    (expiresIn === undefined || isLifetime(expiresIn) ? undefined : invalid(by, "expiresIn", "must be whole seconds"));
  if (wrong !== undefined) return wrong;
  const parameters = { grantType: "client_credentials", scope, expiresIn: expiresIn?.toString() };
  return tokensOf(await requestTokens(app, { operation, parameters, resource, repeatable: true }, request));
}

/** Whole seconds, at least one, as a number or its digits. */
export const isLifetime = (seconds: unknown): boolean =>
  typeof seconds === "string"
    ? /^[1-9]\d{0,9}$/.test(seconds)
    : Number.isSafeInteger(seconds) && (seconds as number) > 0;
