import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { Sealed, type TokenKind } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { newGrantId } from "../grants/new-grant.ts";
import { hmacKeyring } from "./hmac-keyring.ts";

const ring = hmacKeyring(() => known);
const known = {
  format: 1 as const,
  keys: [{ id: 3, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
  pepper: randomBytes(32).toString("base64url"),
};
const clock = { epochMs: () => 1_795_000_000_000, monotonicMs: () => 0 };
const grantId = newGrantId(clock, (length) => randomBytes(length));
const kind = fc.constantFrom<TokenKind>("access", "refresh", "code");
const pointer = fc.record({
  grantId: fc.constant(grantId),
  generation: fc.nat(2 ** 32 - 1),
  issuedAt: fc.nat({ max: 2 ** 40 - 1 }),
  variant: fc.nat(2 ** 16 - 1),
});
/** Mostly characters of tokens; sometimes any character. */
const character = fc.oneof(
  fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\0"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);

describe("TK-08: a token has one spelling, for any token", () => {
  test("a minted token is read back", () =>
    fc.assert(
      fc.property(kind, pointer, (made, at) => {
        expect(ring.read(made, ring.mint(made, at, 0))).toEqual({ ...at, keyId: 3 });
      }),
    ));

  test("one changed character: refused", () =>
    fc.assert(
      fc.property(kind, pointer, fc.nat(70), character, (made, at, place, other) => {
        const token = ring.mint(made, at, 0).reveal();
        fc.pre(token[place] !== other);
        expect(ring.read(made, new Sealed(token.slice(0, place) + other + token.slice(place + 1)))).toBeUndefined();
      }),
      { numRuns: 2000 },
    ));

  test("one added or removed character: refused", () =>
    fc.assert(
      fc.property(kind, pointer, fc.nat(71), character, (made, at, place, other) => {
        const token = ring.mint(made, at, 0).reveal();
        expect(ring.read(made, new Sealed(token.slice(0, place) + other + token.slice(place)))).toBeUndefined();
        if (place < token.length)
          expect(ring.read(made, new Sealed(token.slice(0, place) + token.slice(place + 1)))).toBeUndefined();
      }),
      { numRuns: 1000 },
    ));

  test("any text that was not minted: refused", () =>
    fc.assert(
      fc.property(kind, fc.string({ unit: "binary", maxLength: 80 }), (asked, text) => {
        expect(ring.read(asked, new Sealed(text))).toBeUndefined();
      }),
    ));
});

describe("TK-07: for any token, one kind never passes as another", () => {
  test("neither unchanged, nor with the prefix of the other kind, nor read as itself with that prefix", () =>
    fc.assert(
      fc.property(kind, kind, pointer, (made, asked, at) => {
        fc.pre(made !== asked);
        const token = ring.mint(made, at, 0).reveal();
        expect(ring.read(asked, new Sealed(token))).toBeUndefined();
        const relabelled = ring.mint(asked, at, 0).reveal().slice(0, 7) + token.slice(7);
        expect([ring.read(asked, new Sealed(relabelled)), ring.read(made, new Sealed(relabelled))]).toEqual([
          undefined,
          undefined,
        ]);
      }),
    ));
});

describe("attacks §0.7: a seal has one spelling", () => {
  const message = "a transaction";

  test("one changed character: refused", () => {
    const seal = ring.seal("transaction", message);
    expect(ring.isSealed("transaction", message, seal)).toBe(true);
    fc.assert(
      fc.property(fc.nat(42), character, (place, other) => {
        fc.pre(seal[place] !== other);
        expect(ring.isSealed("transaction", message, seal.slice(0, place) + other + seal.slice(place + 1))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("the slack bits of its last character do not make four spellings", () => {
    const seal = ring.seal("csrf", message);
    const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].filter(
      (last) => last !== seal.at(-1),
    );
    expect(others.filter((last) => ring.isSealed("csrf", message, seal.slice(0, -1) + last))).toEqual([]);
  });

  test("a seal of one purpose or message is refused for another", () => {
    const seal = ring.seal("transaction", message);
    expect([
      ring.isSealed("csrf", message, seal),
      ring.isSealed("transaction", `${message} `, seal),
      ring.isSealed("transaction", message, ""),
    ]).toEqual([false, false, false]);
  });
});
