import fc from "fast-check";
import type { EpochSeconds, ResourceName } from "@symbolon/protocol";
import type { Grant, RevocationReason, Variant } from "@symbolon/server";
import { exampleAccountId, exampleGrant, exampleGrantId, exampleNow } from "./examples.ts";

/**
 * Text that stores and comparisons handle wrongly (ST-05): look-alikes, wildcards, NUL, quotes, characters of four
 * bytes.
 */
export const oddTexts: readonly string[] = [
  "a",
  "A",
  "a ",
  " a",
  "á",
  "a\u0301",
  "ß",
  "ss",
  "SS",
  "i",
  "I",
  "ı",
  "İ",
  "a\0",
  "a\0b",
  "%",
  "_",
  "a%",
  "\\",
  "'",
  '"',
  "' OR 1=1 --",
  "null",
  "0",
  "00",
  "\u{1f600}",
  "\u{10ffff}",
  "\ufffd",
  "\uffff",
  "＠",
  "@",
];

/** Records with a prototype, like object literals. */
const record = <T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(members, { noNullPrototype: true });

const instant: fc.Arbitrary<EpochSeconds> = fc.oneof(
  fc.integer({ min: exampleNow - 30 * 86_400, max: exampleNow + 30 * 86_400 }),
  fc.constantFrom(-1, 0, 1).chain((off) => fc.constantFrom(0, 86_400, 7 * 86_400).map((age) => exampleNow - age + off)),
);

const text = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: "binary", maxLength: 12 }));
const names = fc.uniqueArray(fc.stringMatching(/^[a-z:.]{1,12}$/), { maxLength: 4 });
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const because = fc.constantFrom<RevocationReason>(
  "refresh_token_reuse",
  "code_replayed",
  "revoked_by_owner",
  "application_deleted",
);

const variantMembers = {
  scope: fc.option(names),
  audiences: fc.option(fc.array(fc.webUrl(), { maxLength: 2 })),
  lifetimeSeconds: fc.integer({ min: 1, max: 90_000 }),
};
const variant: fc.Arbitrary<Variant> = fc.oneof(
  record(variantMembers),
  record({ ...variantMembers, since: fc.nat(4_000_000_000) }),
);

const common = record({
  resource: fc.option(
    fc
      .oneof(
        text,
        fc.uuid().map((id) => `Company/${id}`),
      )
      .map((name) => name as ResourceName),
  ),
  scope: names,
  audiences: fc.array(fc.webUrl(), { maxLength: 2 }),
  variants: fc.array(variant, { maxLength: 3 }),
  generationIssuedAt: instant,
  replays: fc.nat(50),
  intent: fc.option(bytes),
  challenge: fc.option(
    fc.oneof(
      text,
      bytes.map((hash) => Buffer.from(hash).toString("base64url")),
    ),
  ),
  hasRevokedTokens: fc.boolean(),
  version: fc.integer({ min: 1, max: 1000 }),
});

/** Two ends in order: `idleExpiresAt` is never after `expiresAt`. */
const ends = fc
  .tuple(instant, instant)
  .map(([one, other]) => ({ idleExpiresAt: Math.min(one, other), expiresAt: Math.max(one, other) }));

const offered = record({ redirectUri: text, expiresAt: instant, failures: fc.nat(5) }).map((offer) => ({
  state: "offered" as const,
  owner: exampleAccountId(1),
  generation: 0,
  offer,
}));
const active = record({ generation: fc.integer({ min: 1, max: 2 ** 32 - 1 }), confirmedAt: fc.option(instant) }).map(
  (family) => ({
    state: "active" as const,
    owner: exampleAccountId(2),
    ...family,
  }),
);
const revoked = record({ generation: fc.nat(9), revokedAt: instant, revokedBecause: because }).map((end) => ({
  state: "revoked" as const,
  owner: exampleAccountId(3),
  ...end,
}));

/** Any grant that the protocol can produce, with its ends around `exampleNow`. */
export const anyGrant: fc.Arbitrary<Grant> = fc
  .tuple(common, ends, fc.oneof(offered, active, revoked))
  .map(([row, lifetime, step]) => exampleGrant({ ...row, ...lifetime, ...step }));

/** Several grants with different ids, in order of creation. */
export const anyGrants = (maxLength: number): fc.Arbitrary<Grant[]> =>
  fc
    .array(anyGrant, { maxLength })
    .map((grants) => grants.map((grant, index) => ({ ...grant, id: exampleGrantId(index + 1) })));
