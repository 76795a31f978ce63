import { assuming } from "../../provider/assumption.ts";
import type { Application } from "../../provider/application.ts";
import { redeem } from "../../provider/code.ts";
import { identify } from "../../provider/identify.ts";
import { mint, openGrant } from "../../provider/issue.ts";
import type { Provider } from "../../provider/provider.ts";
import { refresh } from "../../provider/refresh.ts";
import { readBasic, readCredentials } from "../../wire/credentials.ts";
import { withHeaders, type Answer, type Ask } from "../../wire/message.ts";
import { readParameters, type Parameters } from "../../wire/parameters.ts";
import { refreshAnswer, tokenAnswer } from "../token-answer.ts";
import { tokenError, type TokenError } from "./errors.ts";
import type { GustoSettings } from "./settings.ts";
import { strictAccess } from "./strict-access.ts";
import { readVersion } from "./version.ts";

export type Granted = (
  parameters: Parameters,
  application: Application,
  ask: Ask,
  provider: Provider,
  settings: GustoSettings,
) => Answer;

/**
 * POST /oauth/token: JSON or a form, with the credentials in the body. An Authorization: Bearer header is ignored,
 * because old clients send one.
 */
export const token =
  (settings: GustoSettings) =>
  (ask: Ask, provider: Provider): Answer => {
    const inUrl = readParameters(ask, ["query"]);
    const refuse = (error: TokenError, description: string): Answer => tokenError(settings, error, description);
    if (inUrl.get("client_secret") !== undefined && settings.secretInUrl === "refuse")
      return assuming(refuse("invalid_request", "client_secret does not belong in the URL"), "gusto-secret-in-url");
    const parameters = readParameters(
      ask,
      settings.secretInUrl === "accept" ? ["json", "form", "query"] : ["json", "form"],
    );
    if (parameters.malformed) return refuse("invalid_request", "the body is not a JSON object");
    if (parameters.repeated.length > 0) return refuse("invalid_request", `${parameters.repeated[0]} is repeated`);

    const isBasicAlone = readBasic(ask) !== undefined && parameters.get("client_secret") === undefined;
    const presented = readCredentials(ask, parameters).filter(
      ({ via }) => via === "body" || !isBasicAlone || settings.basicAlone === "accept",
    );
    const identified = identify(provider, presented);
    const version = readVersion(ask, identified.ok ? identified.application : undefined, provider, settings);
    if ("status" in version) return version;
    const echo = { "x-gusto-api-version": version.date };
    if (!identified.ok)
      return withHeaders(
        refuse(
          "invalid_client",
          identified.because === "suspended" ? "the application is suspended" : "client authentication failed",
        ),
        echo,
      );
    const { application } = identified;

    const grantType = parameters.get("grant_type");
    const granted = grantType !== undefined && Object.hasOwn(grants, grantType) ? grants[grantType]! : undefined;
    const answer =
      grantType === undefined
        ? refuse("invalid_request", "grant_type is missing")
        : granted === undefined
          ? refuse("unsupported_grant_type", `${grantType} is not supported`)
          : granted(parameters, application, ask, provider, settings);
    return assuming(withHeaders(answer, echo), ...(isBasicAlone ? ["gusto-basic-alone"] : []));
  };

/** The authorization code grant. A code lives ten minutes; the token is for one company. */
const authorizationCode: Granted = (parameters, { clientId }, ask, provider, settings) => {
  const code = parameters.get("code");
  if (code === undefined) return tokenError(settings, "invalid_request", "code is missing");
  const grant = redeem(provider, {
    clientId,
    code,
    redirectUri: parameters.get("redirect_uri"),
    verifier: parameters.get("code_verifier"),
  });
  if (typeof grant === "string")
    return assuming(
      tokenError(settings, "invalid_grant", `the code cannot be redeemed (${grant})`),
      ...(grant === "verifier_wrong" ? ["gusto-pkce"] : []),
    );
  return tokenAnswer(provider, { grant, pair: mint(provider, grant, { parent: null, withRefreshToken: true }) }, ask);
};

const refreshToken: Granted = (parameters, { clientId, redirectUris }, ask, provider, settings) => {
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return tokenError(settings, "invalid_request", "refresh_token is missing");
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri !== undefined && !redirectUris.includes(redirectUri))
    return tokenError(settings, "invalid_grant", "the redirect_uri is not registered");
  const turn = refresh(provider, { clientId, refreshToken: presented });
  if (turn.kind === "refused")
    return assuming(
      tokenError(settings, "invalid_grant", "the refresh token is invalid, revoked, or belongs to another client"),
      "gusto-rotation",
    );
  return assuming(refreshAnswer(provider, turn, ask), "gusto-rotation", "gusto-refresh-lifetime");
};

/**
 * The client-credentials grant (system access token): no refresh token, no scope in the answer; several may be valid at
 * once.
 */
const systemAccess: Granted = (_parameters, { clientId }, ask, provider) => {
  const grant = openGrant(provider, {
    clientId,
    person: null,
    resource: null,
    scope: ["partner_managed_companies:create", "public"],
  });
  return tokenAnswer(provider, { grant, pair: mint(provider, grant, { parent: null, withRefreshToken: false }) }, ask);
};

const grants: Record<string, Granted> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  system_access: systemAccess,
  strict_access: strictAccess,
};
