import { covers, ok, refuse, sameScope, type EpochSeconds, type Result, type Scope } from "@symbolon/protocol";
import type { Grant, Variant } from "./grant.ts";

const maximumVariants = 256;

/** What a request asks its access token to be limited to; an undefined member means: as the grant. */
export type Narrowing = { scope?: Scope; audiences?: readonly string[]; lifetimeSeconds: number };

/** A grant, and the number of the variant among its variants that an access token is issued for. */
export type GrantVariant = { grant: Grant; variant: number };

/** The variant for a token issued at `now`; refuses scope and audiences that the grant does not cover. */
export function narrowGrant(grant: Grant, narrowing: Narrowing, now: EpochSeconds): Result<GrantVariant> {
  if (narrowing.scope !== undefined && !covers(grant.scope, narrowing.scope)) return refuse("scope_wider_than_grant");
  if (narrowing.audiences !== undefined && !coversAudiences(grant.audiences, narrowing.audiences))
    return refuse("resource_not_granted");
  return findOrAddVariant(grant, narrowing, now);
}

/** The variant for a token issued at `now`; a new one is added to the grant. */
export function findOrAddVariant(grant: Grant, narrowing: Narrowing, now: EpochSeconds): Result<GrantVariant> {
  const wanted = variantOf(grant, narrowing);
  const found = grant.variants.findIndex((variant) => sameVariant(variant, wanted));
  if (found >= 0 && existedAt(grant.variants[found]!, now)) return ok({ grant, variant: found });
  const added = { ...wanted, since: now };
  // The clock was set back: the variant was added at a time that lies ahead.
  if (found >= 0) return ok({ grant: { ...grant, variants: grant.variants.with(found, added) }, variant: found });
  if (grant.variants.length >= maximumVariants) return refuse("variants_exhausted");
  return ok({ grant: { ...grant, variants: [...grant.variants, added] }, variant: grant.variants.length });
}

/** Whether a token issued at `at` can stand for this variant. */
export const existedAt = ({ since }: Variant, at: EpochSeconds): boolean => since === undefined || at >= since;

export const scopeOf = (grant: Grant, variant: Variant): Scope => variant.scope ?? grant.scope;
export const audiencesOf = (grant: Grant, variant: Variant): readonly string[] => variant.audiences ?? grant.audiences;

/**
 * No audience means every resource server: it covers every list of audiences, and no list covers it.
 * @see RFC 8707 §2.2
 */
export const coversAudiences = (granted: readonly string[], asked: readonly string[]): boolean =>
  granted.length === 0 || (asked.length > 0 && covers(granted, asked));

const variantOf = (grant: Grant, { scope, audiences, lifetimeSeconds }: Narrowing): Variant => ({
  scope: scope === undefined || sameScope(grant.scope, scope) ? null : scope,
  audiences: audiences === undefined || sameScope(grant.audiences, audiences) ? null : audiences,
  lifetimeSeconds,
});

const sameVariant = (one: Variant, other: Variant): boolean =>
  one.lifetimeSeconds === other.lifetimeSeconds &&
  sameList(one.scope, other.scope) &&
  sameList(one.audiences, other.audiences);

const sameList = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  one === null || other === null ? one === other : sameScope(one, other);
