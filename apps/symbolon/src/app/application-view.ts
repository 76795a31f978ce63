import { formatScope } from "@symbolon/protocol";
import type { Application, ReplayPolicy } from "@symbolon/server";
import { durationText, facts, timeText } from "../command/print.ts";

/** An application in the member names of RFC 7591 §2 and §3.2.1, and of ours where it has none. Holds no secret. */
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
    replay: formatReplay(application.replay),
    access_token_lifetimes: application.accessTokenLifetimes,
    secrets: application.secrets.map(({ createdAt }) => ({ created_at: createdAt })),
    suspended: application.suspendedAt !== null,
  };
}

export const applicationFacts = (application: Application): string[] =>
  facts([
    ["client_id", application.id],
    ["name", application.name],
    ["type", application.type],
    ["authenticates", application.authMethod ?? "not bound yet; the first method that it uses becomes its own"],
    ["secrets", application.secrets.map(({ createdAt }) => `made ${timeText(createdAt)}`).join(", ") || undefined],
    ["redirect URIs", application.redirectUris.join("  ") || "none: client credentials only"],
    ["scope", formatScope(application.scope) || "none"],
    ["replay", formatReplay(application.replay)],
    ["lifetimes", application.accessTokenLifetimes.map(durationText).join(", ") || "as configured"],
    ["made", timeText(application.createdAt)],
    ["suspended", application.suspendedAt === null ? undefined : timeText(application.suspendedAt)],
  ]);

export const formatReplay = (replay: ReplayPolicy): string =>
  replay.preset === "window" ? `window:${replay.seconds}` : replay.preset;

function grantTypesOf({ type, redirectUris }: Application): string[] {
  const withPerson = redirectUris.length > 0 ? ["authorization_code", "refresh_token"] : [];
  return type === "confidential" ? [...withPerson, "client_credentials"] : withPerson;
}
