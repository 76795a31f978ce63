import { refuse, resolveResources, type Result, type Scope } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { ServerConfig } from "../config.ts";

/**
 * `symbolon:secrets` allows to create or rotate a client secret, a password or a key; `symbolon:sign-in` to say who
 * signed in, and nothing else.
 * @see docs/decisions/0079-who-may-use-the-management-api.md
 */
export const managementScopes = ["symbolon:read", "symbolon:write", "symbolon:secrets", "symbolon:sign-in"] as const;

export type ManagementScope = (typeof managementScopes)[number];

/** Scope names that begin with this are reserved: no user can grant them, and no configuration can define them. */
export const reservedScopePrefix = "symbolon:";

export const isReservedScope = (name: string): boolean => name.startsWith(reservedScopePrefix);

/** The RFC 8707 identifier of the management API. */
export const managementResource = ({ issuer }: Pick<ServerConfig, "issuer">): string => `${issuer}/admin`;

/** Whether the identifier stands for the management API, in any spelling that a request may use. */
export const isManagementResource = (resource: string, config: Pick<ServerConfig, "issuer">): boolean =>
  resolveResources([resource], [managementResource(config)]).ok;

/** Whether this is a client of the management API; such a client gets no other tokens. */
export const isManagementClient = ({ scope }: Pick<Application, "scope">): boolean => scope.some(isReservedScope);

/**
 * The audience of a token for a client of the management API. The client gets tokens for nothing else, and no other
 * client gets tokens for it: what a resource server receives is never good here.
 */
export function resolveManagementAudience(
  requested: readonly string[],
  config: Pick<ServerConfig, "issuer">,
): Result<readonly string[]> {
  const audiences = resolveResources(requested, [managementResource(config)]);
  return audiences.ok && audiences.value.length === 1 ? audiences : refuse("management_target_required", "resource");
}

/** The scope without the reserved names. */
export const withoutReserved = (scope: Scope): Scope => scope.filter((name) => !isReservedScope(name));
