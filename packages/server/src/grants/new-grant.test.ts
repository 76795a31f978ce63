import { createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { Sealed, grantIdToBytes, isGrantId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { fingerprintOf, hashOfGrant, newAccountId, newGrantId } from "./new-grant.ts";

const clockAt = (ms: number) => ({ epochMs: () => ms, monotonicMs: () => 0 });
const random = (length: number) => new Uint8Array(randomBytes(length));
const ones = (length: number) => new Uint8Array(length).fill(0xff);
const zeros = (length: number) => new Uint8Array(length);

describe("the id of a grant is a UUIDv7 (decision 0001)", () => {
  test("known answers: the time comes first, version and variant are set, the other bits are random", () => {
    expect(newGrantId(clockAt(0x0123456789ab), zeros)).toBe("01234567-89ab-7000-8000-000000000000");
    expect(newGrantId(clockAt(0x0123456789ab), ones)).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
  });

  test("an account id has the same form", () =>
    expect(newAccountId(clockAt(0x0123456789ab), ones)).toBe("01234567-89ab-7fff-bfff-ffffffffffff"));

  test("ids of any time are well-formed and sort by time", () =>
    fc.assert(
      fc.property(fc.nat(2 ** 47), fc.integer({ min: 1, max: 2 ** 40 }), (ms, later) => {
        const [one, other] = [newGrantId(clockAt(ms), ones), newGrantId(clockAt(ms + later), zeros)];
        expect([isGrantId(one), isGrantId(other), one < other]).toEqual([true, true, true]);
      }),
    ));

  test("RFC 6749 §10.10: 74 bits are random", () => {
    const seen = Array.from({ length: 2000 }, () => grantIdToBytes(newGrantId(clockAt(1), random)));
    const moving = Array.from(
      { length: 128 },
      (_, bit) => new Set(seen.map((bytes) => (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1)).size === 2,
    );
    expect(moving.filter(Boolean)).toHaveLength(74);
  });
});

describe("S7: the feed and the table of revoked tokens", () => {
  test("hold SHA-256 of the bytes of the id, and of the token", () => {
    const id = newGrantId(clockAt(1), random);
    expect(Buffer.from(hashOfGrant(id))).toEqual(
      createHash("sha256")
        .update(Buffer.from(id.replaceAll("-", ""), "hex"))
        .digest(),
    );
    expect(Buffer.from(fingerprintOf(new Sealed("sym_at_x")))).toEqual(
      createHash("sha256").update("sym_at_x").digest(),
    );
  });
});
