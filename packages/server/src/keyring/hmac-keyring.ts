import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { encodePointer, formatToken, parseToken, type EpochSeconds, type TokenKind } from "@symbolon/protocol";
import type { Keyring, KeyringData, KeyringKey, SealPurpose } from "./keyring.ts";

const macLength = 20;

/**
 * The keyring on HMAC-SHA-256, cut to 160 bits for tokens, each kind under an HKDF subkey of its own (attacks.md §0.5).
 * `load` is asked on every use, so that a rotated key is seen without a restart; it answers the same object while
 * nothing has changed.
 */
export function hmacKeyring(load: () => KeyringData): Keyring {
  let known: { data: KeyringData; ring: Ring } | undefined;
  const ring = (): Ring => {
    const data = load();
    if (known?.data !== data) known = { data, ring: deriveRing(data) };
    return known.ring;
  };

  return {
    mint(kind, pointer, at) {
      const key = keyInForce(ring().keys, at);
      const body = encodePointer({ ...pointer, keyId: key.id });
      return formatToken(kind, body, macOf(key.subkeys[kind], body));
    },
    read(kind, token) {
      const signed = parseToken(token);
      if (signed?.kind !== kind) return undefined;
      const key = ring().byId.get(signed.pointer.keyId);
      if (key === undefined) return undefined;
      return timingSafeEqual(macOf(key.subkeys[kind], signed.body), signed.mac) ? signed.pointer : undefined;
    },
    digest: (family, secret) => createHmac("sha256", ring().pepper).update(`${family}\0${secret}`).digest(),
    seal: (purpose, message) => sealOf(ring(), purpose, message).toString("base64url"),
    isSealed(purpose, message, mac) {
      const expected = sealOf(ring(), purpose, message);
      const presented = Buffer.from(mac, "base64url");
      return mac.length === 43 && presented.length === expected.length && timingSafeEqual(presented, expected);
    },
  };
}

type RingKey = { id: number; activeFrom: EpochSeconds; subkeys: Record<TokenKind, Uint8Array> };
type Ring = { keys: readonly RingKey[]; byId: ReadonlyMap<number, RingKey>; pepper: Uint8Array };

function deriveRing(data: KeyringData): Ring {
  const keys = data.keys.map(deriveKey).sort((one, other) => one.activeFrom - other.activeFrom);
  if (keys.length === 0) throw new Error("The keyring holds no key.");
  return { keys, byId: new Map(keys.map((key) => [key.id, key])), pepper: Buffer.from(data.pepper, "base64url") };
}

const deriveKey = (key: KeyringKey): RingKey => {
  const subkey = (kind: TokenKind) =>
    new Uint8Array(hkdfSync("sha256", Buffer.from(key.secret, "base64url"), "symbolon-token-v1", kind, 32));
  return { id: key.id, activeFrom: key.activeFrom, subkeys: { access: subkey("access"), refresh: subkey("refresh"), code: subkey("code") } };
};

/** The newest key already in force at that time; before all of them, the oldest. */
const keyInForce = (keys: readonly RingKey[], at: EpochSeconds): RingKey =>
  keys.findLast((key) => key.activeFrom <= at) ?? keys[0]!;

const macOf = (subkey: Uint8Array, body: Uint8Array): Uint8Array =>
  createHmac("sha256", subkey).update(body).digest().subarray(0, macLength);

const sealOf = (ring: Ring, purpose: SealPurpose, message: string): Buffer =>
  createHmac("sha256", ring.pepper).update(`seal:${purpose}\0${message}`).digest();

