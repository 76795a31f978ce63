import type { Application, Call, Secret } from "../application.ts";
import { prepareRequest, sendRequest } from "../call-endpoint.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import type { ErrorSource } from "../errors/client-error.ts";
import { invalidRequest } from "../errors/failures.ts";
import type { PreparedRequest } from "../http/prepared-request.ts";
import { mapResult, type Failure, type Result } from "../result.ts";
import { isLifetime } from "../token/client-credentials.ts";
import { readTokenReply, type TokenReply } from "../token/request-tokens.ts";
import { stringMember, type Tokens } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** Tokens, with the user that granted them. Only client-credentials tokens have no `userId`. */
export type FitbitTokens = Tokens & {
  /** Fitbit's id of the user (`user_id`). */
  userId?: string;
};

/** Arguments of `fitbitOauthToken`. */
export type FitbitOauthTokenRequest = Call & {
  /** Default: the application's. */
  clientId?: string | undefined;
  /** Default: the application's. */
  clientSecret?: Secret | undefined;
  /** What to exchange: a `code` or a `refreshToken`. */
  grantType: "authorization_code" | "refresh_token";
  /** Needed with `authorization_code`. */
  code?: Secret | undefined;
  /** The same as in the authorization request, if that had one. */
  redirectUri?: string | undefined;
  /** PKCE: the verifier, 43 to 128 characters. */
  codeVerifier?: Secret | undefined;
  /** The same as in the authorization request, for Fitbit to check. */
  state?: string | undefined;
  /** Needed with `refresh_token`. */
  refreshToken?: Secret | undefined;
  /** Lifetime of the access token in seconds: 28800 (default) or 3600. */
  expiresIn?: number | "28800" | "3600" | undefined;
  /** A whole `Basic …` header value, instead of one made of client id and secret. */
  authorization?: Secret | undefined;
  /** `query` sends the parameters in the URL, where servers and proxies log them. Default: `body`. */
  parametersIn?: "body" | "query" | undefined;
};

/**
 * Fitbit's operation `oauth_token` (`POST /oauth2/token`): exchanges a code or refreshes. A refresh token works once;
 * within two minutes the same one returns the same tokens again. Fails with `code_refused` or `refresh_token_dead`.
 */
export async function fitbitOauthToken(
  app: Application,
  request: FitbitOauthTokenRequest,
): Promise<Result<FitbitTokens>> {
  request = { ...request };
  const operation = "auth.oauthToken";
  const source = errorSource(app, operation);
  const { clientId = app.clientId, grantType, authorization, expiresIn } = request;
  const invalid = invalidInput(source, { ...request, clientId });
  if (invalid !== undefined) return invalid;
  const { code, refreshToken, codeVerifier, redirectUri, state } = request;
  const parameters = {
    clientId,
    grantType,
    code,
    refreshToken,
    codeVerifier,
    redirectUri,
    state,
    expiresIn: expiresIn?.toString(),
  };
  const codes = { invalid_grant: grantType === "refresh_token" ? "refresh_token_dead" : "code_refused" } as const;
  const prepared = prepareRequest(app, { operation, parameters, authorization }, request);
  if (!prepared.ok) return prepared;
  const outgoing = request.parametersIn === "query" ? moveBodyToQuery(prepared.value) : prepared.value;
  const reply = readTokenReply(app, await sendRequest(app, outgoing, { codes }, request));
  return mapResult(reply, readFitbitTokens);
}

function invalidInput(source: ErrorSource, request: FitbitOauthTokenRequest): Failure | undefined {
  const { clientId, grantType, code, refreshToken, expiresIn, parametersIn = "body" } = request;
  if (grantType !== "authorization_code" && grantType !== "refresh_token")
    return invalidRequest(source, "grantType", "must be authorization_code or refresh_token");
  const needed = grantType === "authorization_code" ? { code } : { refreshToken };
  const invalid = invalidArgument(source, { clientId, ...needed });
  if (invalid !== undefined) return invalid;
  if (expiresIn !== undefined && !isLifetime(expiresIn))
    return invalidRequest(source, "expiresIn", "must be whole seconds");
  if (parametersIn !== "body" && parametersIn !== "query")
    return invalidRequest(source, "parametersIn", "must be body or query");
  return undefined;
}

/** The tokens with the `user_id` that Fitbit sends besides. */
export function readFitbitTokens({ tokens, body }: TokenReply): FitbitTokens {
  return withoutUndefined({ ...tokens, userId: stringMember(body, "user_id") });
}

function moveBodyToQuery({ body, headers, ...request }: PreparedRequest): PreparedRequest {
  const { "content-type": _, ...others } = headers;
  return { ...request, url: `${request.url}?${body}`, headers: others };
}
