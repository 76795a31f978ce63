import type { Application } from "../../provider/application.ts";
import { redeem } from "../../provider/code.ts";
import { authenticate } from "../../provider/authenticate.ts";
import { issuePair } from "../../provider/issue.ts";
import type { Grant } from "../../provider/grant.ts";
import type { Provider } from "../../provider/provider.ts";
import { refresh } from "../../provider/refresh.ts";
import { readCredentials } from "../../wire/credentials.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import { readParameters, type Parameters } from "../../wire/parameters.ts";
import { refreshAnswer, tokenAnswer } from "../token-answer.ts";
import { missing, tokenError } from "./errors.ts";
import type { GoogleHealthSettings } from "./settings.ts";

/** POST /token, as a form or JSON. */
export const token =
  (settings: GoogleHealthSettings) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const parameters = readParameters(request, ["form", "json"]);
    const authentication = authenticate(provider, readCredentials(request, parameters));
    if (!authentication.ok) return whyUnknown[authentication.because]();
    const grantType = parameters.get("grant_type");
    if (grantType === undefined) return missing("grant_type");
    if (grantType === "authorization_code")
      return authorizationCode(parameters, authentication.application, request, provider, settings);
    if (grantType === "refresh_token") return refreshToken(parameters, authentication.application, request, provider);
    return tokenError(400, "unsupported_grant_type", `Invalid grant_type: ${grantType}`);
  };

const whyUnknown = {
  missing: () => tokenError(400, "invalid_request", "Could not determine client ID from request."),
  unknown: () => tokenError(401, "invalid_client", "The OAuth client was not found."),
  wrong_secret: () => tokenError(401, "invalid_client", "The provided client secret is invalid."),
  suspended: () => tokenError(401, "disabled_client", "The OAuth client was disabled."),
};

function authorizationCode(
  parameters: Parameters,
  { clientId }: Application,
  request: EmulatorRequest,
  provider: Provider,
  settings: GoogleHealthSettings,
): EmulatorResponse {
  const code = parameters.get("code");
  if (code === undefined) return missing("code");
  const withRefreshToken = provider.codes.get(code)?.withRefreshToken !== false;
  const grant = redeem(provider, {
    clientId,
    code,
    redirectUri: parameters.get("redirect_uri"),
    verifier: parameters.get("code_verifier"),
  });
  if (grant === "redirect_uri_mismatch") return tokenError(400, "redirect_uri_mismatch", "Bad Request");
  if (grant === "verifier_wrong")
    return tokenError(
      400,
      "invalid_grant",
      parameters.get("code_verifier") === undefined ? "Missing code verifier." : "Invalid code verifier.",
    );
  if (typeof grant === "string")
    return tokenError(400, "invalid_grant", grant === "code_unknown" ? "Malformed auth code." : "Bad Request");
  const pair = issuePair(provider, grant, { parent: null, withRefreshToken });
  if (withRefreshToken) endOldest(provider, grant, settings.liveRefreshTokens);
  return tokenAnswer(provider, { grant, pair }, request);
}

function refreshToken(
  parameters: Parameters,
  { clientId }: Application,
  request: EmulatorRequest,
  provider: Provider,
): EmulatorResponse {
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return missing("refresh_token");
  const turn = refresh(provider, { clientId, refreshToken: presented });
  if (turn.kind !== "refused") return refreshAnswer(provider, turn, request);
  return tokenError(
    400,
    "invalid_grant",
    turn.because === "unknown" ? "Bad Request" : "Token has been expired or revoked.",
  );
}

/** Ends the oldest refresh tokens of this person and application beyond the limit. */
function endOldest(provider: Provider, newest: Grant, live: number): void {
  const isAlike = (grant: Grant): boolean =>
    grant.clientId === newest.clientId && grant.person?.id === newest.person?.id;
  const tokens = [...provider.refreshTokens.values()].filter(
    ({ grant, pair }) => isAlike(grant) && pair.refresh === "live",
  );
  for (const { pair } of tokens.slice(0, Math.max(0, tokens.length - live))) pair.refresh = "dead";
}
