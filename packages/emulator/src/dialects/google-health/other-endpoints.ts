import { inspectAccess, useAccess } from "../../provider/access.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { endGrant } from "../../provider/issue.ts";
import { nowOf, type Provider } from "../../provider/provider.ts";
import { readBearer } from "../../wire/credentials.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { readParameters } from "../../wire/parameters.ts";
import { apiError, missing, tokenError } from "./errors.ts";

/** POST /revoke: an access or refresh token in the query or a form, without client authentication. Ends the grant. */
export function revoke(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const token = readParameters(request, ["form", "query"]).get("token");
  if (token === undefined) return missing("token");
  const grant = (provider.refreshTokens.get(token) ?? provider.accessTokens.get(token))?.grant;
  if (grant === undefined || grant.ended !== null) return tokenError(400, "invalid_token", "Token expired or revoked");
  endGrant(provider, grant, "revoked_by_client");
  return json(200, {});
}

/** GET /tokeninfo?access_token=... */
export function tokenInfo(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const token = readParameters(request, ["query", "form"]).get("access_token");
  const seen = inspectAccess(provider, token ?? "");
  if (!seen.ok) return markAssumptions(tokenError(400, "invalid_token", "Invalid Value"), "google-health-tokeninfo");
  const { grant, pair } = seen.held;
  const expires_in = String(pair.accessExpiresAt - nowOf(provider));
  const body = {
    azp: grant.clientId,
    aud: grant.clientId,
    sub: grant.person?.id,
    scope: grant.scope.join(" "),
    exp: String(pair.accessExpiresAt),
    expires_in,
    access_type: pair.refreshToken === null ? "online" : "offline",
  };
  return markAssumptions(json(200, body), "google-health-tokeninfo");
}

/** Any path below /v4/users/me: the user's identity, and empty lists. */
export function userData(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const token = readBearer(request);
  const access = token === undefined ? undefined : useAccess(provider, token);
  if (access?.ok !== true)
    return apiError(
      401,
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    );
  const { grant } = access.held;
  if (request.path.endsWith("/identity"))
    return json(200, { name: "users/me/identity", healthUserId: grant.person?.id });
  return json(200, { dataPoints: [] });
}
