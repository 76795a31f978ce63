import { formatScope } from "@symbolon/protocol";
import { formatReplayPolicy, type Application } from "@symbolon/server";
import { durationText, labelledLines, timeText } from "../command/print.ts";

/** An application with the member names of RFC 7591 §2 and §3.2.1, and ours where it has none. Holds no secret. */
export function describeApplication(application: Application) {
  return {
    client_id: application.id,
    client_id_issued_at: application.createdAt,
    client_name: application.name,
    type: application.type,
    redirect_uris: application.redirectUris,
    grant_types: grantTypesOf(application),
    response_types: application.redirectUris.length > 0 ? ["code"] : [],
    token_endpoint_auth_method: application.authMethod,
    scope: formatScope(application.scope),
    replay: formatReplayPolicy(application.replay),
    access_token_lifetimes: application.accessTokenLifetimes,
    secrets: application.secrets.map(({ createdAt }) => ({ created_at: createdAt })),
    suspended: application.suspendedAt !== null,
  };
}

export const applicationLines = (application: Application): string[] =>
  labelledLines([
    ["client_id", application.id],
    ["name", application.name],
    ["type", application.type],
    ["auth method", application.authMethod ?? "any: the secret in the header or in the body"],
    ["secrets", application.secrets.map(({ createdAt }) => `created ${timeText(createdAt)}`).join(", ") || undefined],
    ["redirect URIs", application.redirectUris.join("  ") || "none: client credentials only"],
    ["scope", formatScope(application.scope) || "none"],
    ["replay", formatReplayPolicy(application.replay)],
    ["lifetimes", application.accessTokenLifetimes.map(durationText).join(", ") || "as configured"],
    ["created", timeText(application.createdAt)],
    ["suspended", application.suspendedAt === null ? undefined : timeText(application.suspendedAt)],
  ]);

/** Only a confidential client may use client credentials. @see RFC 6749 §4.4 */
function grantTypesOf({ type, redirectUris }: Application): string[] {
  const withUser = redirectUris.length > 0 ? ["authorization_code", "refresh_token"] : [];
  return type === "confidential" ? [...withUser, "client_credentials"] : withUser;
}
