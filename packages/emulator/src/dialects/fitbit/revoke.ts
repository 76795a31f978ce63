import { useAccess } from "../../provider/access.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { endGrant, issuePair } from "../../provider/issue.ts";
import type { Grant } from "../../provider/grant.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBearer } from "../../wire/credentials.ts";
import { empty, json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { readParameters } from "../../wire/parameters.ts";
import { isAnswer, readClient } from "./client.ts";
import { badBearer, missing, oauthFailure } from "./errors.ts";
import type { FitbitSettings } from "./settings.ts";

/** POST /oauth2/revoke: revokes the token and with it every token and grant of that user for that application. */
export const revoke =
  (settings: FitbitSettings) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const parameters = readParameters(request, ["form", "query", "json"]);
    const bearer = readBearer(request);
    const access = bearer === undefined ? undefined : useAccess(provider, bearer);
    if (access !== undefined && !access.ok) return badBearer(bearer!, access.because);
    const client =
      access === undefined
        ? readClient(request, parameters, provider)
        : provider.applications.get(access.held.grant.clientId)!;
    if (isAnswer(client)) return client;
    const token = parameters.get("token");
    if (token === undefined) return missing("token");
    const grant = (provider.refreshTokens.get(token) ?? provider.accessTokens.get(token))?.grant;
    if (grant?.clientId !== client.clientId)
      return markAssumptions(
        settings.unknownRevocation === 200 ? empty() : oauthFailure(400, "invalid_request", "Invalid token."),
        "fitbit-revoke-unknown",
      );
    for (const one of grantsOf(provider, grant.clientId, grant.person?.id))
      endGrant(provider, one, "revoked_by_client");
    return empty();
  };

const grantsOf = (provider: Provider, clientId: string, personId: string | undefined): Grant[] =>
  [...provider.grants.values()].filter(
    (grant) => grant.clientId === clientId && grant.person?.id === personId && grant.ended === null,
  );

/** POST /oauth2/recover, by arrangement with Fitbit: issues a refresh token for a user whose own was lost. */
export function recover(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const parameters = readParameters(request, ["form"]);
  const client = readClient(request, parameters, provider);
  if (isAnswer(client)) return client;
  if (parameters.get("grant_type") !== "refresh_token") return missing("grant_type");
  const user_id = parameters.get("user_id");
  if (user_id === undefined) return missing("user_id");
  const grant = grantsOf(provider, client.clientId, user_id).at(-1);
  if (grant === undefined) return oauthFailure(400, "invalid_grant", `User invalid: ${user_id}.`);
  const { refreshToken } = issuePair(provider, grant, { parent: null, withRefreshToken: true });
  return json(200, { refresh_token: refreshToken, user_id });
}
