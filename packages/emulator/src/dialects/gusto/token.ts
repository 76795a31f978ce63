import { markAssumptions } from "../../provider/assumption.ts";
import { redeem } from "../../provider/code.ts";
import { authenticate } from "../../provider/authenticate.ts";
import { issuePair, openGrant } from "../../provider/issue.ts";
import type { Provider } from "../../provider/provider.ts";
import { refresh } from "../../provider/refresh.ts";
import { readBasic, readCredentials } from "../../wire/credentials.ts";
import { withHeaders, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { readParameters } from "../../wire/parameters.ts";
import { refreshAnswer, tokenAnswer } from "../token-answer.ts";
import { tokenError, type TokenError } from "./errors.ts";
import type { GrantHandler } from "./grant-handler.ts";
import type { GustoSettings } from "./settings.ts";
import { strictAccess } from "./strict-access.ts";
import { readVersion } from "./version.ts";

/**
 * POST /oauth/token: JSON or a form, with the credentials in the body. An Authorization: Bearer header is ignored,
 * because old clients send one.
 */
export const token =
  (settings: GustoSettings) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const inUrl = readParameters(request, ["query"]);
    const refuse = (error: TokenError, description: string): EmulatorResponse =>
      tokenError(settings, error, description);
    if (inUrl.get("client_secret") !== undefined && settings.secretInUrl === "refuse")
      return markAssumptions(
        refuse("invalid_request", "client_secret does not belong in the URL"),
        "gusto-secret-in-url",
      );
    const parameters = readParameters(
      request,
      settings.secretInUrl === "accept" ? ["json", "form", "query"] : ["json", "form"],
    );
    const isBasicAlone = readBasic(request) !== undefined && parameters.get("client_secret") === undefined;
    const presented = readCredentials(request, parameters).filter(
      ({ via }) => via === "body" || !isBasicAlone || settings.basicAlone === "accept",
    );
    const authentication = authenticate(provider, presented);
    const version = readVersion(
      request,
      authentication.ok ? authentication.application : undefined,
      provider,
      settings,
    );
    if ("status" in version) return version;
    const echo = { "x-gusto-api-version": version.date };
    if (parameters.malformed) return withHeaders(refuse("invalid_request", "the body is not a JSON object"), echo);
    if (parameters.repeated.length > 0)
      return withHeaders(refuse("invalid_request", `${parameters.repeated[0]} is repeated`), echo);
    if (!authentication.ok)
      return withHeaders(
        refuse(
          "invalid_client",
          authentication.because === "suspended" ? "the application is suspended" : "client authentication failed",
        ),
        echo,
      );
    const { application } = authentication;

    const grantType = parameters.get("grant_type");
    const granted = grantType !== undefined && Object.hasOwn(grants, grantType) ? grants[grantType]! : undefined;
    const answer =
      grantType === undefined
        ? refuse("invalid_request", "grant_type is missing")
        : granted === undefined
          ? refuse("unsupported_grant_type", `${grantType} is not supported`)
          : granted(parameters, application, request, provider, settings);
    return markAssumptions(withHeaders(answer, echo), ...(isBasicAlone ? ["gusto-basic-alone"] : []));
  };

/** The authorization code grant. A code lives ten minutes; the token is for one company. */
const authorizationCode: GrantHandler = (parameters, { clientId }, request, provider, settings) => {
  const code = parameters.get("code");
  if (code === undefined) return tokenError(settings, "invalid_request", "code is missing");
  const grant = redeem(provider, {
    clientId,
    code,
    redirectUri: parameters.get("redirect_uri"),
    verifier: parameters.get("code_verifier"),
  });
  if (typeof grant === "string")
    return markAssumptions(
      tokenError(settings, "invalid_grant", `the code cannot be redeemed (${grant})`),
      ...(grant === "verifier_wrong" ? ["gusto-pkce"] : []),
    );
  return tokenAnswer(
    provider,
    { grant, pair: issuePair(provider, grant, { parent: null, withRefreshToken: true }) },
    request,
  );
};

const refreshToken: GrantHandler = (parameters, { clientId, redirectUris }, request, provider, settings) => {
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return tokenError(settings, "invalid_request", "refresh_token is missing");
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri !== undefined && !redirectUris.includes(redirectUri))
    return tokenError(settings, "invalid_grant", "the redirect_uri is not registered");
  const turn = refresh(provider, { clientId, refreshToken: presented });
  if (turn.kind === "refused")
    return markAssumptions(
      tokenError(settings, "invalid_grant", "the refresh token is invalid, revoked, or belongs to another client"),
      "gusto-rotation",
    );
  return markAssumptions(refreshAnswer(provider, turn, request), "gusto-rotation", "gusto-refresh-lifetime");
};

/**
 * The client-credentials grant (system access token): no refresh token, no scope in the answer; several may be valid at
 * once.
 */
const systemAccess: GrantHandler = (_parameters, { clientId }, request, provider) => {
  const grant = openGrant(provider, {
    clientId,
    person: null,
    resource: null,
    scope: ["partner_managed_companies:create", "public"],
  });
  return tokenAnswer(
    provider,
    { grant, pair: issuePair(provider, grant, { parent: null, withRefreshToken: false }) },
    request,
  );
};

const grants: Record<string, GrantHandler> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  system_access: systemAccess,
  strict_access: strictAccess,
};
