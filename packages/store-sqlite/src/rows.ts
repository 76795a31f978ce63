import { formatScope, grantIdFromBytes, grantIdToBytes, type Scope } from "@symbolon/protocol";
import type { ClientId, Owner, ResourceName } from "@symbolon/protocol";
import type { Grant, RevocationReason, Variant } from "@symbolon/server";
import {
  type Packed,
  packClientId,
  packDigest,
  packResource,
  packUuid,
  unpackClientId,
  unpackDigest,
  unpackResource,
  unpackUuid,
} from "./pack.ts";
import { sharing } from "./sharing.ts";

/** A row of `grants`, as it is written. What most grants do not have is NULL, which costs one byte. */
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

/** A state is stored as its index in this list. */
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

/** The columns that a rotation changes, in the order of `move` in grants.ts. */
export const encodeFamilyColumns = (grant: Grant) =>
  [
    grant.generation,
    grant.generationIssuedAt,
    grant.confirmedAt,
    grant.replays,
    grant.intent,
    grant.idleExpiresAt,
    grantIdToBytes(grant.id),
    grant.version,
  ] as const;

/** A grant as it is in memory once `write` is committed: frozen, with its own copy of the bytes. */
export const storedGrant = (write: Grant): Grant =>
  Object.freeze({ ...write, intent: write.intent?.slice() ?? null, version: write.version + 1 });

/** What may be returned from memory. Bytes cannot be frozen, so the rare grant that has some is copied. */
export const handedOut = (grant: Grant): Grant =>
  grant.intent === null ? grant : Object.freeze({ ...grant, intent: grant.intent.slice() });

/** Whether only the columns that a rotation or a first use changes differ. Lists of a grant in memory are frozen. */
export const differsOnlyInFamilyColumns = (one: Grant, other: Grant): boolean =>
  one.scope === other.scope &&
  one.audiences === other.audiences &&
  one.variants === other.variants &&
  one.resource === other.resource &&
  one.state === other.state &&
  one.challenge === other.challenge &&
  one.offer === other.offer &&
  one.expiresAt === other.expiresAt &&
  one.revokedAt === other.revokedAt &&
  one.revokedBecause === other.revokedBecause &&
  one.hasRevokedTokens === other.hasRevokedTokens;

/**
 * Estimated bytes in memory. Most rows share their lists of names, and almost all share the variant without a
 * narrowing.
 */
export function weighGrant({ resource, variants, offer }: Grant): number {
  let bytes = 480 + 2 * (resource?.length ?? 0) + 2 * (offer?.redirectUri.length ?? 0);
  for (const { scope, audiences, since } of variants) {
    const isShared = variants.length === 1 && scope === null && audiences === null && since === undefined;
    if (!isShared) bytes += 100 + weighNames(scope) + weighNames(audiences);
  }
  return bytes;
}

const weighNames = (names: readonly string[] | null): number =>
  names?.reduce((bytes, name) => bytes + 24 + 2 * name.length, 0) ?? 0;

/**
 * A row of `grants` as SQLite returns it for `SELECT *`: in the order of the schema, to which later columns can only be
 * added.
 */
export type GrantColumns = [
  id: Uint8Array,
  application: Packed,
  owner: Packed | null,
  resource: Packed | null,
  scope: string,
  audiences: string | null,
  variants: string | null,
  state: number,
  generation: number,
  generationIssuedAt: number,
  confirmedAt: number | null,
  replays: number,
  intent: Uint8Array | null,
  challenge: Packed | null,
  offerRedirectUri: string | null,
  offerExpiresAt: number | null,
  offerFailures: number | null,
  expiresAt: number,
  idleExpiresAt: number,
  revokedAt: number | null,
  revokedBecause: string | null,
  hasRevokedTokens: number,
  version: number,
];

/**
 * Frozen, because callers get the object that is in memory. A row comes as an array, which SQLite makes twice as fast.
 */
export function decodeGrant([
  id,
  application,
  owner,
  resource,
  scope,
  audiences,
  variants,
  stateNumber,
  generation,
  generationIssuedAt,
  confirmedAt,
  replays,
  intent,
  challenge,
  redirectUri,
  offerExpiresAt,
  failures,
  expiresAt,
  idleExpiresAt,
  revokedAt,
  revokedBecause,
  hasRevokedTokens,
  version,
]: GrantColumns): Grant {
  const state = grantStates[stateNumber];
  if (state === undefined) throw new Error(`a grant has the unknown state ${stateNumber}`);
  const isOffer = redirectUri !== null && offerExpiresAt !== null && failures !== null;
  return Object.freeze({
    id: grantIdFromBytes(id),
    application: unpackClientId(application) as ClientId,
    owner: owner === null ? null : (unpackUuid(owner) as Owner),
    resource: resource === null ? null : (unpackResource(resource) as ResourceName),
    scope: decodeScope(scope),
    audiences: decodeAudiences(audiences),
    variants: decodeVariants(variants),
    state,
    generation,
    generationIssuedAt,
    confirmedAt,
    replays,
    intent,
    challenge: challenge === null ? null : unpackDigest(challenge),
    offer: isOffer ? Object.freeze({ redirectUri, expiresAt: offerExpiresAt, failures }) : null,
    expiresAt,
    idleExpiresAt,
    revokedAt,
    revokedBecause: revokedBecause as RevocationReason | null,
    hasRevokedTokens: hasRevokedTokens === 1,
    version,
  });
}

export const decodeScope = sharing((text: string): Scope => (text === "" ? [] : text.split(" ")));

export const encodeAudiences = (audiences: readonly string[]): string | null =>
  audiences.length === 0 ? null : JSON.stringify(audiences);

const none: readonly never[] = Object.freeze([]);
const parseAudiences = sharing((text: string) => JSON.parse(text) as readonly string[]);
const decodeAudiences = (text: string | null): readonly string[] => (text === null ? none : parseAudiences(text));

/** `[lifetime]`, with more elements if it is narrowed or was added later: most grants then hold `[[600]]`. */
type PackedVariant = [
  lifetimeSeconds: number,
  scope?: Scope | null,
  audiences?: readonly string[] | null,
  since?: number,
];

function encodeVariants(variants: readonly Variant[]): string | null {
  if (variants.length === 0) return null;
  return JSON.stringify(variants.map(packVariant));
}

function packVariant({ lifetimeSeconds, scope, audiences, since }: Variant): PackedVariant {
  if (since !== undefined) return [lifetimeSeconds, scope, audiences, since];
  return scope === null && audiences === null ? [lifetimeSeconds] : [lifetimeSeconds, scope, audiences];
}

const parseVariants = sharing((text: string): readonly Variant[] =>
  (JSON.parse(text) as PackedVariant[]).map(([lifetimeSeconds, scope = null, audiences = null, since]) => ({
    scope,
    audiences,
    lifetimeSeconds,
    ...(since === undefined ? {} : { since }),
  })),
);
const decodeVariants = (text: string | null): readonly Variant[] => (text === null ? none : parseVariants(text));
