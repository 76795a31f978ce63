import { createCipheriv, createDecipheriv, hash, hkdfSync, timingSafeEqual } from "node:crypto";
import {
  decodeBase64Url,
  encodePointer,
  formatToken,
  parseToken,
  Sealed,
  tokenLength,
  type EpochSeconds,
  type TokenKind,
  type TokenPointer,
} from "@symbolon/protocol";
import { BoundedMap, copyString } from "../bounded-map.ts";
import type { EncryptPurpose, Keyring, KeyringData, KeyringKey, SealPurpose, TokenOf } from "./keyring.ts";

const macLength = 20;

/**
 * A keyring with HMAC-SHA-256, truncated to 160 bits for tokens, with an HKDF subkey for each kind (attacks.md §0.5).
 * `load` is called on every use, so that a key rotation takes effect without a restart; it returns the same object
 * while nothing has changed.
 */
export function hmacKeyring(load: () => KeyringData): Keyring {
  let known: { data: KeyringData; ring: Ring } | undefined;
  const ring = (): Ring => {
    const data = load();
    if (known?.data !== data) known = { data, ring: deriveRing(data) };
    return known.ring;
  };

  return {
    mint<K extends TokenKind>(kind: K, pointer: Omit<TokenPointer, "keyId">, at: EpochSeconds): TokenOf<K> {
      const key = keyInForce(ring().keys, at);
      const body = encodePointer({ ...pointer, keyId: key.id });
      return new Sealed(formatToken(kind, body, key.macs[kind](body).subarray(0, macLength)));
    },
    read: (kind, token) =>
      kind === "access" ? readRemembering(ring(), token.reveal()) : read(ring(), kind, token.reveal()),
    digest: (family, secret) => ring().pepper(`${family}\0${secret}`),
    seal: (purpose, message) => sealOf(ring(), purpose, message).toString("base64url"),
    isSealed(purpose, message, mac) {
      const expected = sealOf(ring(), purpose, message);
      const presented = mac.length === 43 ? decodeBase64Url(mac) : undefined;
      return presented !== undefined && timingSafeEqual(presented, expected);
    },
    encrypt(purpose, context, text, nonce) {
      const cipher = createCipheriv("aes-256-gcm", encryptionKeyOf(ring(), purpose, context), nonce);
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt(purpose, context, sealed) {
      if (sealed.length < nonceLength + tagLength) return undefined;
      const nonce = sealed.subarray(0, nonceLength);
      const decipher = createDecipheriv("aes-256-gcm", encryptionKeyOf(ring(), purpose, context), nonce);
      decipher.setAuthTag(sealed.subarray(-tagLength));
      try {
        const text = decipher.update(sealed.subarray(nonceLength, -tagLength));
        return Buffer.concat([text, decipher.final()]).toString();
      } catch {
        return undefined;
      }
    },
  };
}

type RingKey = { id: number; activeFrom: EpochSeconds; macs: Record<TokenKind, Hmac> };
type Ring = {
  keys: readonly RingKey[];
  byId: ReadonlyMap<number, RingKey>;
  pepper: Hmac;
  accessTokens: BoundedMap<string, TokenPointer>;
};

function deriveRing(data: KeyringData): Ring {
  const keys = data.keys.map(deriveKey).sort((one, other) => one.activeFrom - other.activeFrom);
  if (keys.length === 0) throw new Error("The keyring holds no key.");
  return {
    keys,
    byId: new Map(keys.map((key) => [key.id, key])),
    pepper: hmacSha256(Buffer.from(data.pepper, "base64url")),
    accessTokens: new BoundedMap(rememberedBytes, () => bytesOfOne),
  };
}

/** 40,000 access tokens; an entry is the token, its pointer and the grant id in it. */
const bytesOfOne = 260;
const rememberedBytes = 40_000 * bytesOfOne;

/**
 * Resource servers introspect the same access tokens again and again, and a MAC that was good under these keys is good
 * under them for ever. What depends on time or storage is checked elsewhere
 * (docs/decisions/0017-checked-access-tokens-are-cached.md).
 */
function readRemembering(ring: Ring, token: string): TokenPointer | undefined {
  if (token.length !== tokenLength) return undefined; // before the text is a key (HT-15)
  const known = ring.accessTokens.get(token);
  if (known !== undefined) return known;
  const pointer = read(ring, "access", token);
  if (pointer !== undefined) ring.accessTokens.set(copyString(token), pointer);
  return pointer;
}

function read(ring: Ring, kind: TokenKind, token: string): TokenPointer | undefined {
  const signed = parseToken(token);
  if (signed?.kind !== kind) return undefined;
  const key = ring.byId.get(signed.pointer.keyId);
  if (key === undefined) return undefined;
  return timingSafeEqual(key.macs[kind](signed.body).subarray(0, macLength), signed.mac) ? signed.pointer : undefined;
}

const deriveKey = (key: KeyringKey): RingKey => {
  const macOf = (kind: TokenKind) =>
    hmacSha256(new Uint8Array(hkdfSync("sha256", Buffer.from(key.secret, "base64url"), "symbolon-token-v1", kind, 32)));
  return {
    id: key.id,
    activeFrom: key.activeFrom,
    macs: { access: macOf("access"), refresh: macOf("refresh"), code: macOf("code") },
  };
};

/** The newest key that is in force at that time; before all of them, the oldest. */
const keyInForce = (keys: readonly RingKey[], at: EpochSeconds): RingKey =>
  keys.findLast((key) => key.activeFrom <= at) ?? keys[0]!;

const nonceLength = 12;
const tagLength = 16;

/** The context is in the key, so that what is encrypted for one record cannot stand in another. */
const encryptionKeyOf = (ring: Ring, purpose: EncryptPurpose, context: Uint8Array): Buffer =>
  ring.pepper(`encrypt:${purpose}\0${Buffer.from(context).toString("base64url")}`);

const sealOf = (ring: Ring, purpose: SealPurpose, message: string): Buffer =>
  ring.pepper(`seal:${purpose}\0${message}`);

type Hmac = (message: string | Uint8Array) => Buffer;

const blockLength = 64;
const digestLength = 32;
const usualLength = 512;

/**
 * HMAC-SHA-256 of RFC 2104 under one key, as two one-shot hashes over a key that is padded once. `createHmac` prepares
 * the key again on each call, which takes twenty times as long as the hashing (docs/benchmarks.md). "binary", with one
 * character for each byte, avoids the buffer that each hash would otherwise allocate.
 */
function hmacSha256(key: Uint8Array): Hmac {
  const inner = Buffer.alloc(blockLength + usualLength);
  const outer = Buffer.alloc(blockLength + digestLength);
  inner.set(key.length > blockLength ? hash("sha256", key, "buffer") : key);
  for (let at = 0; at < blockLength; at++) {
    outer[at] = inner[at]! ^ 0x5c;
    inner[at] = inner[at]! ^ 0x36;
  }
  return (message) => {
    const bytes = typeof message === "string" ? Buffer.from(message) : message;
    const padded = bytes.length <= usualLength ? inner : Buffer.concat([inner.subarray(0, blockLength), bytes]);
    padded.set(bytes, blockLength);
    outer.write(hash("sha256", padded.subarray(0, blockLength + bytes.length), "binary"), blockLength, "binary");
    return Buffer.from(hash("sha256", outer, "binary"), "binary");
  };
}
