import { covers, ok, refuse, sameScope, type EpochSeconds, type Result, type Scope } from "@symbolon/protocol";
import type { Grant, Variant } from "./grant.ts";

const maximumVariants = 256;

/** The narrowing that a request asks for; undefined members mean: as the grant. */
export type Narrowing = { scope?: Scope; audiences?: readonly string[]; lifetimeSeconds: number };

/** The number of a narrowing among the grant's variants, for a token issued `now`; adds it where it is new. */
export function numberOfVariant(
  grant: Grant,
  wanted: Narrowing,
  now: EpochSeconds,
): Result<{ number: number; variants: readonly Variant[] }> {
  const variant = normalise(grant, wanted);
  const number = grant.variants.findIndex((known) => sameVariant(known, variant));
  if (number >= 0 && wasThere(grant.variants[number]!, now)) return ok({ number, variants: grant.variants });
  // The clock was set back.
  if (number >= 0) return ok({ number, variants: grant.variants.with(number, { ...variant, since: now }) });
  if (grant.variants.length >= maximumVariants) return refuse("variants_exhausted");
  return ok({ number: grant.variants.length, variants: [...grant.variants, { ...variant, since: now }] });
}

/** Whether a token issued at `at` can mean this variant. */
export const wasThere = ({ since }: Variant, at: EpochSeconds): boolean => since === undefined || at >= since;

export const scopeOf = (grant: Grant, variant: Variant): Scope => variant.scope ?? grant.scope;
export const audiencesOf = (grant: Grant, variant: Variant): readonly string[] => variant.audiences ?? grant.audiences;

/**
 * No audience means every resource server, so it is the widest: any narrowing is inside it, and it is inside no other.
 * @see RFC 8707 §2.2
 */
export const coversAudiences = (granted: readonly string[], asked: readonly string[]): boolean =>
  granted.length === 0 || (asked.length > 0 && covers(granted, asked));

const normalise = (grant: Grant, wanted: Narrowing): Variant => ({
  scope: wanted.scope === undefined || sameScope(grant.scope, wanted.scope) ? null : wanted.scope,
  audiences: wanted.audiences === undefined || sameScope(grant.audiences, wanted.audiences) ? null : wanted.audiences,
  lifetimeSeconds: wanted.lifetimeSeconds,
});

const sameVariant = (one: Variant, other: Variant): boolean =>
  one.lifetimeSeconds === other.lifetimeSeconds &&
  sameList(one.scope, other.scope) &&
  sameList(one.audiences, other.audiences);

const sameList = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  one === null || other === null ? one === other : sameScope(one, other);
