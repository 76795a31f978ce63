import { decodeBase64Url, grantIdFromBytes, grantIdToBytes, isGrantId } from "@symbolon/protocol";

/**
 * Shorter encodings for the values that make up most of a grant. Each value has exactly one packed form, so packed
 * values can be compared and indexed in place of the text. A value without the expected form is stored as text.
 */
export type Packed = string | Uint8Array;

/** A string that was joined of parts keeps all of them while its row is in memory: two or three times the bytes. */
const inOnePiece = (codes: readonly number[]): string => String.fromCharCode(...codes);

/**
 * Text as SQLite will return it. A lone surrogate would come back as another character, and so equal another text
 * (ST-05).
 */
export function exact(text: string): string {
  if (!text.isWellFormed()) throw new Error("text with a lone surrogate cannot be stored");
  return text;
}

/** A UUID as its 16 bytes. */
export const packUuid = (text: string): Packed => (isGrantId(text) ? grantIdToBytes(text) : exact(text));
export const unpackUuid = (packed: Packed): string => (typeof packed === "string" ? packed : grantIdFromBytes(packed));

const letters = "0123456789abcdefghjkmnpqrstvwxyz";
const appPrefix = Array.from("app_", (letter) => letter.charCodeAt(0));
const made = /^app_[0-9a-hjkmnp-tv-z]{16}$/;

/** `app_` and 16 characters of Crockford's base32, as `newClientId` makes them, as 10 bytes. */
export function packClientId(id: string): Packed {
  if (!made.test(id)) return exact(id);
  const bytes = new Uint8Array(10);
  for (let held = 0, heldBits = 0, at = 0, index = 4; index < id.length; index++) {
    held = ((held & 0xff) << 5) | letters.indexOf(id[index]!);
    heldBits += 5;
    if (heldBits >= 8) bytes[at++] = held >> (heldBits -= 8);
  }
  return bytes;
}

export function unpackClientId(packed: Packed): string {
  if (typeof packed === "string") return packed;
  const codes = [...appPrefix];
  for (let held = 0, heldBits = 0, at = 0; at < packed.length; at++) {
    held = ((held & 0xff) << 8) | packed[at]!;
    heldBits += 8;
    while (heldBits >= 5) codes.push(letters.charCodeAt((held >> (heldBits -= 5)) & 31));
  }
  return inOnePiece(codes);
}

/** `Type/uuid` as the 16 bytes of the UUID, followed by the type. */
export function packResource(name: string): Packed {
  const slash = name.length - 37;
  const uuid = name.slice(slash + 1);
  if (slash < 0 || name[slash] !== "/" || !isGrantId(uuid)) return exact(name);
  return Buffer.concat([grantIdToBytes(uuid), Buffer.from(exact(name.slice(0, slash)))]);
}

export const unpackResource = (packed: Packed): string =>
  typeof packed === "string"
    ? packed
    : [Buffer.from(packed.subarray(16)).toString(), grantIdFromBytes(packed.subarray(0, 16))].join("/");

/** A base64url SHA-256, as of an S256 challenge, as its 32 bytes. */
export function packDigest(text: string): Packed {
  const bytes = text.length === 43 ? decodeBase64Url(text) : undefined;
  return bytes ?? exact(text);
}

export const unpackDigest = (packed: Packed): string =>
  typeof packed === "string" ? packed : Buffer.from(packed).toString("base64url");
