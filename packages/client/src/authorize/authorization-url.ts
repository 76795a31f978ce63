import { isCodeChallenge } from "@symbolon/protocol";
import type { Application } from "../application.ts";
import { errorSource, invalidArgument, misspelt } from "../check-arguments.ts";
import { endpointUrl, missingEndpoint } from "../endpoint-url.ts";
import { invalidRequest } from "../errors/failures.ts";
import { ok, type Failure, type Result } from "../result.ts";
import { scopeString, type ScopeRequest } from "../scope.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** What an authorization request asks for. */
export type AuthorizationParameters<Scope extends string = string> = {
  /** Replaces the application's `baseUrl` for this call. */
  baseUrl?: string | undefined;
  /** Replaces the application's `authorizeBaseUrl` for this call. */
  authorizeBaseUrl?: string | undefined;
  /** Default: the application's. */
  clientId?: string | undefined;
  /** What to ask the user for. Without it the provider decides. */
  scope?: ScopeRequest<Scope> | undefined;
  /** Whether the provider asks the user again, such as `consent` or `login`. */
  prompt?: string | undefined;
  /** URI of the resource server that the tokens are for. @see RFC 8707 §2 */
  resource?: string | undefined;
  /** Further parameters that the provider defines. Those above win. */
  parameters?: Readonly<Record<string, string>> | undefined;
};

/** Arguments of `authorizationUrl`. */
export type AuthorizationUrlRequest<Scope extends string = string> = AuthorizationParameters<Scope> & {
  /**
   * Exactly as registered. If it does not match, the provider shows an error page to the user and never redirects, so
   * your code is not told.
   */
  redirectUri?: string | undefined;
  /** An unguessable value that comes back in the redirect. */
  state?: string | undefined;
  /** PKCE: base64url of the SHA-256 of the verifier, 43 characters. Sent with `code_challenge_method=S256`. */
  codeChallenge?: string | undefined;
};

/**
 * The URL to send the user to. Use `beginAuthorization` instead unless you keep `state` and the PKCE verifier yourself.
 * Fails with `invalid_request`.
 * @see RFC 6749 §4.1.1, RFC 7636 §4.3
 */
export function authorizationUrl<Scope extends string>(
  app: Application<Scope>,
  request: AuthorizationUrlRequest<Scope>,
  operation = "authorizationUrl",
): Result<string> {
  request = { ...request };
  const misspelling = misspelt(errorSource(app, operation), request);
  if (misspelling !== undefined) return misspelling;
  const { clientId = app.clientId, parameters, authorizeBaseUrl = app.authorizeBaseUrl } = request;
  const scope = scopeString(request.scope);
  const invalid = invalidParameter(app, { ...request, clientId, scope }, operation);
  if (invalid !== undefined) return invalid;
  const missing = missingEndpoint(app, "authorization", operation);
  if (missing !== undefined) return missing;
  const endpoint = endpointUrl({ ...app, authorizeBaseUrl }, "authorization", operation, request);
  if (!endpoint.ok) return endpoint;
  const { redirectUri, state, codeChallenge, prompt, resource } = request;
  const standard = withoutUndefined({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    prompt,
    resource,
    code_challenge: codeChallenge,
    code_challenge_method: codeChallenge && "S256",
  });
  const url = new URL(endpoint.value);
  const all = { ...app.profile.quirks.authorizationParameters, ...parameters, ...standard };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value!);
  return ok(url.href);
}

function invalidParameter(
  app: Application,
  { clientId, redirectUri, scope, state, codeChallenge, prompt, resource, parameters }: AuthorizationUrlRequest,
  operation: string,
): Failure | undefined {
  const source = errorSource(app, operation);
  const further = Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, value]) => [`parameters.${name}`, value]),
  );
  const invalid =
    invalidArgument(source, { clientId, redirectUri, scope, state, codeChallenge, prompt, resource }, ["clientId"]) ??
    invalidArgument(source, further, []);
  if (invalid !== undefined || codeChallenge === undefined || isCodeChallenge(codeChallenge)) return invalid;
  return invalidRequest(source, "codeChallenge", "must be base64url of a SHA-256 digest");
}
