import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Sealed, decodeBase64Url } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { newGrantId } from "../grants/new-grant.ts";
import { hmacKeyring } from "./hmac-keyring.ts";
import type { KeyringData } from "./keyring.ts";

const secret = randomBytes(32);
const ringWith = (pepper: Uint8Array) => {
  const data: KeyringData = {
    format: 1,
    keys: [{ id: 7, secret: secret.toString("base64url"), createdAt: 0, activeFrom: 0 }],
    pepper: Buffer.from(pepper).toString("base64url"),
  };
  return hmacKeyring(() => data);
};
const grantId = newGrantId({ epochMs: () => 1_800_000_000_000, monotonicMs: () => 0 }, (length) => randomBytes(length));

describe("RFC 2104: the MAC of the keyring is the HMAC-SHA-256 of the platform", () => {
  test.each([1, 31, 32, 63, 64, 65, 200])("under a pepper of %i bytes", (keyLength) => {
    const pepper = randomBytes(keyLength);
    const ring = ringWith(pepper);
    for (const length of [0, 1, 55, 64, 100, 497, 498, 499, 513, 5000]) {
      const text = "ä".repeat(length >> 1) + "b".repeat(length % 2);
      const expected = createHmac("sha256", pepper).update(`client_secret\0${text}`).digest();
      expect(Buffer.from(ring.digest("client_secret", text)).equals(expected)).toBe(true);
    }
  });

  test("a returned digest does not change with the next one", () => {
    const ring = ringWith(randomBytes(32));
    const first = ring.digest("session", "one");
    const copy = Uint8Array.from(first);
    ring.digest("session", "two");
    expect(first).toEqual(Buffer.from(copy));
  });

  test("in a token, under the kind's HKDF subkey, cut to 160 bits", () => {
    const token = ringWith(randomBytes(32)).mint(
      "access",
      { grantId, generation: 3, issuedAt: 1_800_000_000, variant: 1 },
      1_800_000_000,
    );
    const bytes = decodeBase64Url(token.reveal().slice(7))!;
    const subkey = new Uint8Array(hkdfSync("sha256", secret, "symbolon-token-v1", "access", 32));
    const expected = createHmac("sha256", subkey).update(bytes.subarray(0, 28)).digest().subarray(0, 20);
    expect(Buffer.from(bytes.subarray(28)).equals(expected)).toBe(true);
  });
});

test("a token with any changed bit is refused", () => {
  const ring = ringWith(randomBytes(32));
  const token = ring.mint("refresh", { grantId, generation: 1, issuedAt: 0, variant: 0 }, 0).reveal();
  expect(ring.read("refresh", new Sealed(token))).toMatchObject({ grantId, generation: 1, keyId: 7 });
  expect(ring.read("access", new Sealed(token))).toBeUndefined();
  const bytes = decodeBase64Url(token.slice(7))!;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(ring.read("refresh", new Sealed(token.slice(0, 7) + changed.toString("base64url")))).toBeUndefined();
  }
});

test.each([0, 1, 42, 44, 86])("a seal of %i characters is refused", (length) => {
  const ring = ringWith(randomBytes(32));
  const seal = ring.seal("csrf", "message");
  expect(ring.isSealed("csrf", "message", seal)).toBe(true);
  expect(ring.isSealed("csrf", "message", (seal + seal).slice(0, length))).toBe(false);
});

describe("a verified access token is cached", () => {
  test("and read the same again; as another kind it is refused", () => {
    const ring = ringWith(randomBytes(32));
    const token = ring.mint("access", { grantId, generation: 1, issuedAt: 5, variant: 2 }, 0).reveal();
    const first = ring.read("access", new Sealed(token));
    expect(first).toEqual({ keyId: 7, grantId, generation: 1, issuedAt: 5, variant: 2 });
    expect(ring.read("access", new Sealed(`${token} `.trim()))).toBe(first);
    expect([ring.read("refresh", new Sealed(token)), ring.read("code", new Sealed(token))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("without the request that it was cut from", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const ring = ringWith(randomBytes(32));
    const heap = (): number => (collect(), process.memoryUsage().heapUsed);
    const before = heap();
    for (let generation = 0; generation < 300; generation++) {
      const body = ` ${"x".repeat(100_000)} ${ring.mint("access", { grantId, generation, issuedAt: 5, variant: 0 }, 0).reveal()}`;
      expect(ring.read("access", new Sealed(body.slice(body.lastIndexOf(" ") + 1)))?.generation).toBe(generation);
    }
    expect(heap() - before).toBeLessThan(5e6);
    expect(ring.read("access", new Sealed("x"))).toBeUndefined(); // The ring has lived until here.
  });
});

describe("encryption under the keyring", () => {
  const context = new Uint8Array(32).fill(1);
  const nonce = new Uint8Array(12).fill(2);
  const ring = () => ringWith(new Uint8Array(32));
  const sealed = () => ring().encrypt("idempotency", context, "sécret", nonce);

  test("gives the text back, and does not show it", () => {
    expect(ring().decrypt("idempotency", context, sealed())).toBe("sécret");
    expect(Buffer.from(sealed()).toString("latin1")).not.toContain("cret");
    expect(ring().decrypt("idempotency", context, ring().encrypt("idempotency", context, "", nonce))).toBe("");
  });
  test("gives nothing for another context, another keyring, or bytes that were changed or cut", () => {
    expect(ring().decrypt("idempotency", new Uint8Array(32), sealed())).toBeUndefined();
    const other = ringWith(new Uint8Array(32).fill(9));
    expect(other.decrypt("idempotency", context, sealed())).toBeUndefined();
    for (let at = 0; at < sealed().length; at++) {
      const changed = sealed();
      changed[at]! ^= 1;
      expect(ring().decrypt("idempotency", context, changed)).toBeUndefined();
      expect(ring().decrypt("idempotency", context, sealed().subarray(0, at))).toBeUndefined();
    }
  });
});
