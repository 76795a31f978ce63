import { isCodeChallenge } from "@symbolon/protocol";
import { absentEndpoint } from "../absent-endpoint.ts";
import { endpointOf, type Application, type Call } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import { invalid } from "../http/exchange.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { scopeText, type ScopeRequest } from "../scope.ts";

export type AuthorizationUrlRequest<Scope extends string = string> = Pick<Call, "baseUrl"> & {
  /** Instead of the application's, for this call: where a provider's page is not at its `baseUrl`. */
  authorizeBaseUrl?: string;
  clientId?: string;
  /**
   * Byte for byte as registered. A mismatch shows nowhere but on the provider's own page, in front of the person: there
   * is no redirect that could tell you.
   */
  redirectUri?: string;
  scope?: ScopeRequest<Scope>;
  state?: string;
  /** PKCE: the base64url of the verifier's SHA-256; `S256` is always stated with it. */
  codeChallenge?: string;
  prompt?: string;
  /** The URI of the resource server that the tokens are for. @see RFC 8707 */
  resource?: string;
  /** Further parameters of the provider's own; those of OAuth win. */
  parameters?: Readonly<Record<string, string>>;
};

/**
 * Where to send the person. `beginAuthorization` does this with state and verifier made and kept for you; take this one
 * where you keep them yourself. @see RFC 6749 §4.1.1, RFC 7636 §4.3
 */
export function authorizationUrl<Scope extends string>(
  app: Application<Scope>,
  request: AuthorizationUrlRequest<Scope>,
  operation = "authorizationUrl",
): Result<string> {
  request = { ...request };
  const by = called(app, operation);
  const scope = scopeText(request.scope);
  const {
    clientId = app.clientId,
    redirectUri,
    state,
    codeChallenge,
    prompt,
    resource,
    parameters,
    authorizeBaseUrl = app.authorizeBaseUrl,
  } = request;
  const own = Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, value]) => [`parameters.${name}`, value]),
  );
  const wrong =
    unfit(by, { clientId, redirectUri, scope, state, codeChallenge, prompt, resource }, ["clientId"]) ??
    unfit(by, own, []);
  if (wrong !== undefined) return wrong;
  if (codeChallenge !== undefined && !isCodeChallenge(codeChallenge))
    return invalid(by, "codeChallenge", "must be the base64url of a SHA-256");
  const absent = absentEndpoint(app, "authorization", operation);
  if (absent !== undefined) return absent;
  const endpoint = endpointOf({ ...app, authorizeBaseUrl }, "authorization", operation, request);
  if (!endpoint.ok) return endpoint;
  const url = new URL(endpoint.value);
  const ours = present({
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
  for (const [name, value] of Object.entries({ ...app.profile.quirks.authorizationParameters, ...parameters, ...ours }))
    url.searchParams.set(name, value!);
  return ok(url.href);
}
