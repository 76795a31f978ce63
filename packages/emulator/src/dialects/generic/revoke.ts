import { endGrant } from "../../provider/issue.ts";
import type { Provider } from "../../provider/provider.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { oauthError } from "../rfc.ts";
import { readClientRequest } from "./client.ts";

/**
 * POST /revoke: a refresh token ends its grant, an access token only itself. An unknown token is a success too. @see
 * RFC 7009 §2
 */
export function revoke(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const asked = readClientRequest(request, provider);
  if (!asked.ok) return asked.answer;
  const token = asked.parameters.get("token");
  if (token === undefined) return oauthError("invalid_request", "token is missing");
  const isOwn = ({ grant }: { grant: { clientId: string } }): boolean => grant.clientId === asked.application.clientId;
  const byRefresh = provider.refreshTokens.get(token);
  if (byRefresh !== undefined && isOwn(byRefresh)) endGrant(provider, byRefresh.grant, "revoked_by_client");
  const byAccess = provider.accessTokens.get(token);
  if (byAccess !== undefined && isOwn(byAccess)) byAccess.pair.accessEnded = true;
  return json(200, {});
}
