import { inspectAccess, useAccess } from "../../provider/access.ts";
import { nowOf, type IssuedPair, type Provider } from "../../provider/provider.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { oauthError } from "../rfc.ts";
import { readClientRequest } from "./client.ts";

/**
 * POST /introspect. Introspection counts as a use of the token, because a resource server introspects when the token is
 * presented. Only the client that the token was issued to learns about it. @see RFC 7662 §2
 */
export function introspect(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const asked = readClientRequest(request, provider);
  if (!asked.ok) return asked.answer;
  const { application, parameters } = asked;
  if (application.clientSecret === null) return oauthError("invalid_client", "a public client may not introspect");
  const token = parameters.get("token");
  if (token === undefined) return oauthError("invalid_request", "token is missing");
  const seen = inspectAccess(provider, token);
  if (seen.ok && seen.held.grant.clientId === application.clientId) {
    useAccess(provider, token);
    return json(200, describe(seen.held));
  }
  return json(200, describeRefreshToken(provider, token, application.clientId) ?? { active: false });
}

const describe = ({ grant, pair }: IssuedPair): object => ({
  active: true,
  scope: grant.scope.join(" "),
  client_id: grant.clientId,
  token_type: "Bearer",
  exp: pair.accessExpiresAt,
  iat: pair.issuedAt,
  sub: grant.person?.id ?? grant.clientId,
  ...(grant.person === null ? {} : { username: grant.person.name }),
});

function describeRefreshToken(provider: Provider, token: string, clientId: string): object | undefined {
  const held = provider.refreshTokens.get(token);
  if (
    held === undefined ||
    held.grant.clientId !== clientId ||
    held.grant.ended !== null ||
    held.pair.refresh !== "live"
  )
    return undefined;
  const lifetime = provider.profile.refreshLifetimeSeconds;
  const ends = lifetime === null ? undefined : held.pair.refreshIssuedAt + lifetime;
  if (ends !== undefined && nowOf(provider) >= ends) return undefined;
  return {
    active: true,
    scope: held.grant.scope.join(" "),
    client_id: clientId,
    iat: held.pair.refreshIssuedAt,
    ...(ends === undefined ? {} : { exp: ends }),
  };
}
