import type { Application, Call, Secret } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import { exchangeOf, replyTo } from "../ask.ts";
import { invalid, type Exchange } from "../http/exchange.ts";
import { present } from "../present.ts";
import { mapped, type Result } from "../result.ts";
import { isLifetime } from "../token/client-credentials.ts";
import { grantedBy, type Granted } from "../token/request-tokens.ts";
import { textIn, type Tokens } from "../token/tokens.ts";

/** Tokens with the person they belong to. Only an application's own tokens have no `userId`. */
export type FitbitTokens = Tokens & { userId?: string };

export type FitbitOauthTokenRequest = Call & {
  /** Default: the application's. */
  clientId?: string;
  clientSecret?: Secret;
  grantType: "authorization_code" | "refresh_token";
  /** With `authorization_code`. */
  code?: Secret;
  /** The same as in the authorization request, if one was there. */
  redirectUri?: string;
  /** 43 to 128 characters; with PKCE. */
  codeVerifier?: Secret;
  /** The same as in the authorization request, where Fitbit is to check it. */
  state?: string;
  /** With `refresh_token`. */
  refreshToken?: Secret;
  /** Seconds: 28800, which is the default, or 3600. */
  expiresIn?: number | "28800" | "3600";
  /** A whole header value, `Basic …`, instead of one made of client id and secret. */
  authorization?: Secret;
  /**
   * `query` sends what the seed's client sends: everything in the URL, where servers and proxies log it. Default
   * `body`.
   */
  parametersIn?: "body" | "query";
};

/**
 * Seed operation `oauth_token`: `POST /oauth2/token`. A refresh token works once; within two minutes the same one
 * brings the same answer again. Basic credentials are joined as they are, which is what Fitbit reads.
 */
export async function fitbitOauthToken(
  app: Application,
  request: FitbitOauthTokenRequest,
): Promise<Result<FitbitTokens>> {
  request = { ...request };
  const operation = "auth.oauthToken";
  const by = called(app, operation);
  const {
    grantType,
    code,
    refreshToken,
    codeVerifier,
    redirectUri,
    state,
    authorization,
    expiresIn,
    parametersIn = "body",
    clientId = app.clientId,
  } = request;
  if (grantType !== "authorization_code" && grantType !== "refresh_token")
    return invalid(by, "grantType", "must be authorization_code or refresh_token");
  const needed = grantType === "authorization_code" ? { code } : { refreshToken };
  const wrong = unfit(by, { clientId, ...needed });
  if (wrong !== undefined) return wrong;
  if (expiresIn !== undefined && !isLifetime(expiresIn)) return invalid(by, "expiresIn", "must be whole seconds");
  if (parametersIn !== "body" && parametersIn !== "query") return invalid(by, "parametersIn", "must be body or query");

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
  const exchange = exchangeOf(app, { operation, parameters, authorization }, request);
  if (!exchange.ok) return exchange;
  const granted = grantedBy(
    app,
    await replyTo(app, parametersIn === "query" ? inQuery(exchange.value) : exchange.value, { codes }, request),
  );
  return mapped(granted, fitbitTokensOf);
}

export function fitbitTokensOf({ tokens, body }: Granted): FitbitTokens {
  return present({ ...tokens, userId: textIn(body, "user_id") });
}

function inQuery({ body, headers, ...exchange }: Exchange): Exchange {
  const { "content-type": _, ...others } = headers;
  return { ...exchange, url: `${exchange.url}?${body}`, headers: others };
}
