import { inspectAccess, useAccess, type Access } from "../../provider/access.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import type { IssuedPair, Provider } from "../../provider/provider.ts";
import { readBearer } from "../../wire/credentials.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { readParameters } from "../../wire/parameters.ts";
import { isAnswer, readClient } from "./client.ts";
import { badBearer, missing } from "./errors.ts";
import { counted } from "./rate-limit.ts";
import { scopeMap } from "./scopes.ts";
import type { FitbitSettings } from "./settings.ts";

type Describe = (held: IssuedPair, provider: Provider) => object;

/**
 * POST /1.1/oauth2/introspect. Differs from RFC 7662 in three members: scope is a Java map, times are in milliseconds,
 * token_type has other values.
 */
const describe: Describe = ({ grant, pair }, provider) => ({
  active: true,
  scope: scopeMap(grant.scope, provider.applications.get(grant.clientId)!),
  client_id: grant.clientId,
  user_id: grant.person?.id ?? "",
  token_type: "access_token",
  exp: pair.accessExpiresAt * 1000,
  iat: pair.issuedAt * 1000,
});

/** POST /oauth2/introspect, deprecated in 2018. */
const describeV1: Describe = ({ grant, pair }, provider) => ({
  active: 1,
  scope: scopeMap(grant.scope, provider.applications.get(grant.clientId)!),
  clientId: `{${grant.clientId}}`,
  userId: `{${grant.person?.id ?? ""}}`,
  tokenType: "access_token",
  exp: pair.accessExpiresAt * 1000,
  iat: pair.issuedAt * 1000,
});

export const introspect =
  (settings: FitbitSettings, version: "1" | "1.1") =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const parameters = readParameters(request, ["form", "query", "json"]);
    const bearer = readBearer(request);
    const caller: Access | undefined = bearer === undefined ? undefined : useAccess(provider, bearer);
    if (caller !== undefined && !caller.ok) return badBearer(bearer!, caller.because);
    const client = caller === undefined ? readClient(request, parameters, provider) : undefined;
    if (client !== undefined && isAnswer(client)) return client;
    const answer = (): EmulatorResponse => {
      const token = parameters.get("token");
      if (token === undefined) return missing("token");
      return describeToken(
        token,
        provider,
        settings,
        version === "1" ? { describe: describeV1, inactive: 0 } : { describe, inactive: false },
      );
    };
    return caller === undefined ? answer() : counted(caller.held, provider, settings, answer);
  };

function describeToken(
  token: string,
  provider: Provider,
  settings: FitbitSettings,
  { describe, inactive }: { describe: Describe; inactive: 0 | false },
): EmulatorResponse {
  const seen = inspectAccess(provider, token);
  if (seen.ok) return markAssumptions(json(200, describe(seen.held, provider)), "fitbit-access-type");
  const refresh = provider.refreshTokens.get(token);
  if (refresh === undefined) return json(200, { active: inactive });
  const isLive =
    settings.refreshTokenIntrospection === "active" && refresh.grant.ended === null && refresh.pair.refresh === "live";
  return markAssumptions(
    json(200, isLive ? describe(refresh, provider) : { active: inactive }),
    "fitbit-introspect-refresh",
  );
}
