import type { Application, Call } from "../application.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import { errorSource, invalidArgument, misspelt } from "../check-arguments.ts";
import { invalidRequest } from "../errors/failures.ts";
import type { Result } from "../result.ts";
import { scopeString, type ScopeRequest } from "../scope.ts";
import { requestTokens, tokensIn } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

/** Arguments of `clientCredentials`. */
export type ClientCredentialsRequest<Scope extends string = string> = Call &
  CallCredentials & {
    /** Without it the provider decides. */
    scope?: ScopeRequest<Scope> | undefined;
    /** URI of the resource server that the token is for. @see RFC 8707 §2 */
    resource?: string | undefined;
    /** Lifetime in seconds, for providers that let the client choose. */
    expiresIn?: number | undefined;
  };

/**
 * A token for the client itself: without a user and without a refresh token. Fails with `client_credentials_wrong`,
 * `client_refused` or `refused`.
 * @see RFC 6749 §4.4
 */
export async function clientCredentials<Scope extends string>(
  app: Application<Scope>,
  request: ClientCredentialsRequest<Scope> = {},
): Promise<Result<Tokens>> {
  request = { ...request };
  const operation = "clientCredentials";
  const source = errorSource(app, operation);
  const scope = scopeString(request.scope);
  const { resource, expiresIn, clientSecret = app.clientSecret } = request;
  const invalid =
    misspelt(source, request) ??
    invalidArgument(source, { clientSecret }) ??
    (expiresIn === undefined || isLifetime(expiresIn)
      ? undefined
      : invalidRequest(source, "expiresIn", "must be whole seconds"));
  if (invalid !== undefined) return invalid;
  const parameters = { grantType: "client_credentials", scope, expiresIn: expiresIn?.toString() };
  return tokensIn(await requestTokens(app, { operation, parameters, resource, repeatable: true }, request));
}

/** Whole seconds, at least one, as a number or as decimal digits. */
export const isLifetime = (seconds: unknown): boolean =>
  typeof seconds === "string"
    ? /^[1-9]\d{0,9}$/.test(seconds)
    : Number.isSafeInteger(seconds) && (seconds as number) > 0;
