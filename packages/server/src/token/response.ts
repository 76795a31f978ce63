import {
  formatScope,
  ok,
  parseScope,
  refuse,
  resolveResources,
  type EpochSeconds,
  type Form,
  type Result,
} from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import { accessExpiry } from "../grants/lineage.ts";
import { scopeOf, type Narrowing } from "../grants/variants.ts";
import type { Grant } from "../grants/grant.ts";

/** RFC 6749 §5.1, with the members that both seeds promise. */
export type TokenResponse = {
  access_token: string;
  token_type: "Bearer";
  /** Seconds from this answer. */
  expires_in: number;
  refresh_token?: string;
  scope: string;
  /** Seconds since 1970 at which the access token was issued. */
  created_at: EpochSeconds;
};

/** Which access token to hand out: a variant of the grant, and when it counts as issued. */
export type Issue = { grant: Grant; variant: number; issuedAt: EpochSeconds; expiresIn: number };

/** Both tokens of the grant's head generation. They are computed from the row; nothing is stored. */
export function issueTokens(issue: Issue, deps: Deps): TokenResponse {
  const { grant, issuedAt } = issue;
  const refresh = { grantId: grant.id, generation: grant.generation, issuedAt: 0, variant: 0 };
  return {
    ...accessTokenMembers(issue, grant.generation, deps),
    refresh_token: deps.keyring.mint("refresh", refresh, grant.generationIssuedAt),
    scope: formatScope(scopeOf(grant, grant.variants[issue.variant]!)),
    created_at: issuedAt,
  };
}

/** An access token alone. `serial` stands where a lineage would have its generation. */
export function issueAccessToken(issue: Issue, serial: number, deps: Deps): TokenResponse {
  return {
    ...accessTokenMembers(issue, serial, deps),
    scope: formatScope(scopeOf(issue.grant, issue.grant.variants[issue.variant]!)),
    created_at: issue.issuedAt,
  };
}

function accessTokenMembers({ grant, variant, issuedAt, expiresIn }: Issue, generation: number, deps: Deps) {
  const pointer = { grantId: grant.id, generation, issuedAt, variant };
  return {
    access_token: deps.keyring.mint("access", pointer, issuedAt),
    token_type: "Bearer" as const,
    expires_in: expiresIn,
  };
}

/** Seconds of life left to a token of this variant. */
export const lifeLeft = (grant: Grant, variant: number, issuedAt: EpochSeconds, now: EpochSeconds): number =>
  accessExpiry(grant, grant.variants[variant]!, issuedAt) - now;

/**
 * What a token request narrows: `scope`, `resource` and `expires_in`. Whether it fits the grant is judged with the row
 * at hand.
 */
export async function readNarrowing(form: Form, client: Application, deps: Deps): Promise<Result<Narrowing>> {
  const scope = form.get("scope");
  const parsed = scope === undefined ? ok(undefined) : parseScope(scope);
  if (!parsed.ok) return parsed;
  const audiences = form.resources.length === 0 ? ok(undefined) : await knownResources(form.resources, deps);
  if (!audiences.ok) return audiences;
  const lifetimeSeconds = readLifetime(form.get("expires_in"), client, deps);
  if (!lifetimeSeconds.ok) return lifetimeSeconds;
  return ok({ scope: parsed.value, audiences: audiences.value, lifetimeSeconds: lifetimeSeconds.value });
}

/** The registered spelling of the resources asked for. @see RFC 8707 §2 */
export async function knownResources(asked: readonly string[], deps: Deps): Promise<Result<readonly string[]>> {
  if (asked.length === 0) return ok([]);
  const registered = (await deps.store.resourceServers.list()).flatMap((server) =>
    server.resource === null ? [] : [server.resource],
  );
  return resolveResources(asked, registered);
}

function readLifetime(asked: string | undefined, client: Application, deps: Deps): Result<number> {
  const allowed = client.accessTokenLifetimes.length > 0 ? client.accessTokenLifetimes : [deps.config.lifetimes.access];
  if (asked === undefined) return ok(allowed[0]!);
  if (!/^[1-9][0-9]{0,8}$/.test(asked)) return refuse("parameter_invalid", "expires_in");
  return allowed.includes(Number(asked)) ? ok(Number(asked)) : refuse("lifetime_not_allowed", "expires_in");
}
