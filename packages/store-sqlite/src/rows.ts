import { formatScope, grantIdFromBytes, grantIdToBytes, type Scope } from "@symbolon/protocol";
import type { AccountId, ClientId, ResourceName } from "@symbolon/protocol";
import type { Grant, RevocationReason, Variant } from "@symbolon/server";
import {
  type Packed, packClientId, packDigest, packResource, packUuid, unpackClientId, unpackDigest, unpackResource, unpackUuid,
} from "./pack.ts";

/** A row of `grants`, as SQLite gives and takes it. What most grants do not have is NULL, which costs one byte. */
export type GrantRow = {
  id: Uint8Array;
  application: Packed;
  owner: Packed | null;
  resource: Packed | null;
  scope: string;
  audiences: string | null;
  variants: string | null;
  state: number;
  generation: number;
  generation_issued_at: number;
  confirmed_at: number | null;
  replays: number;
  intent: Uint8Array | null;
  challenge: Packed | null;
  offer_redirect_uri: string | null;
  offer_expires_at: number | null;
  offer_failures: number | null;
  expires_at: number;
  idle_expires_at: number;
  revoked_at: number | null;
  revoked_because: string | null;
  has_revoked_tokens: number;
  version: number;
};

/** The number of a state is its place in this list. */
export const grantStates = ["offered", "active", "revoked"] as const satisfies readonly Grant["state"][];

export function encodeGrant(grant: Grant): GrantRow {
  return {
    id: grantIdToBytes(grant.id),
    application: packClientId(grant.application),
    owner: grant.owner === null ? null : packUuid(grant.owner),
    resource: grant.resource === null ? null : packResource(grant.resource),
    scope: formatScope(grant.scope),
    audiences: encodeAudiences(grant.audiences),
    variants: encodeVariants(grant.variants),
    state: grantStates.indexOf(grant.state),
    generation: grant.generation,
    generation_issued_at: grant.generationIssuedAt,
    confirmed_at: grant.confirmedAt,
    replays: grant.replays,
    intent: grant.intent,
    challenge: grant.challenge === null ? null : packDigest(grant.challenge),
    offer_redirect_uri: grant.offer?.redirectUri ?? null,
    offer_expires_at: grant.offer?.expiresAt ?? null,
    offer_failures: grant.offer?.failures ?? null,
    expires_at: grant.expiresAt,
    idle_expires_at: grant.idleExpiresAt,
    revoked_at: grant.revokedAt,
    revoked_because: grant.revokedBecause,
    has_revoked_tokens: grant.hasRevokedTokens ? 1 : 0,
    version: grant.version,
  };
}

export function decodeGrant(row: GrantRow): Grant {
  const state = grantStates[row.state];
  if (state === undefined) throw new Error(`a grant has the unknown state ${row.state}`);
  return {
    id: grantIdFromBytes(row.id),
    application: unpackClientId(row.application) as ClientId,
    owner: row.owner === null ? null : (unpackUuid(row.owner) as AccountId),
    resource: row.resource === null ? null : (unpackResource(row.resource) as ResourceName),
    scope: decodeScope(row.scope),
    audiences: decodeAudiences(row.audiences),
    variants: decodeVariants(row.variants),
    state,
    generation: row.generation,
    generationIssuedAt: row.generation_issued_at,
    confirmedAt: row.confirmed_at,
    replays: row.replays,
    intent: row.intent,
    challenge: row.challenge === null ? null : unpackDigest(row.challenge),
    offer: decodeOffer(row),
    expiresAt: row.expires_at,
    idleExpiresAt: row.idle_expires_at,
    revokedAt: row.revoked_at,
    revokedBecause: row.revoked_because as RevocationReason | null,
    hasRevokedTokens: row.has_revoked_tokens === 1,
    version: row.version,
  };
}

function decodeOffer(row: GrantRow): Grant["offer"] {
  if (row.offer_redirect_uri === null || row.offer_expires_at === null || row.offer_failures === null) return null;
  return { redirectUri: row.offer_redirect_uri, expiresAt: row.offer_expires_at, failures: row.offer_failures };
}

export const decodeScope = (text: string): Scope => (text === "" ? [] : text.split(" "));

export const encodeAudiences = (audiences: readonly string[]): string | null =>
  audiences.length === 0 ? null : JSON.stringify(audiences);

const decodeAudiences = (text: string | null): readonly string[] => (text === null ? [] : (JSON.parse(text) as string[]));

/** `[lifetime]`, or `[lifetime, scope, audiences]` where either is narrowed: most grants then hold `[[600]]`. */
type PackedVariant = [lifetimeSeconds: number, scope?: Scope | null, audiences?: readonly string[] | null];

function encodeVariants(variants: readonly Variant[]): string | null {
  if (variants.length === 0) return null;
  const packed = variants.map(({ lifetimeSeconds, scope, audiences }): PackedVariant =>
    scope === null && audiences === null ? [lifetimeSeconds] : [lifetimeSeconds, scope, audiences],
  );
  return JSON.stringify(packed);
}

function decodeVariants(text: string | null): readonly Variant[] {
  if (text === null) return [];
  const packed = JSON.parse(text) as PackedVariant[];
  return packed.map(([lifetimeSeconds, scope = null, audiences = null]) => ({ scope, audiences, lifetimeSeconds }));
}
