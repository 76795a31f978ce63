import { decodeBase64Url, encodeBase64Url } from "./base64.ts";
import type { EpochSeconds, GrantId } from "./types.ts";

/**
 * A token is a signed pointer to a grant (docs/decisions/0001): which grant, which generation of it, issued when, which
 * narrowing. 48 bytes, 64 characters of base64url without slack bits, behind a prefix that names the kind:
 *
 *     sym_at_ + base64url( key id 1 | grant id 16 | generation 4 | issued at 5 | variant 2 | MAC 20 )
 *
 * This file knows the layout only; the MAC is made and checked by the keyring, with a key of its own for each kind.
 */
export const tokenPrefixes = { access: "sym_at_", refresh: "sym_rt_", code: "sym_ac_" } as const;

export type TokenKind = keyof typeof tokenPrefixes;

export type TokenPointer = {
  keyId: number;
  grantId: GrantId;
  /** Of the lineage; in an access token of a standing grant, which has no lineage, a random serial number. */
  generation: number;
  /** 0 in a refresh token, which carries no time: its successor can be recomputed. */
  issuedAt: EpochSeconds;
  /** Which narrowing of the grant an access token stands for; 0 in the other kinds. */
  variant: number;
};

export type SignedPointer = { kind: TokenKind; pointer: TokenPointer; body: Uint8Array; mac: Uint8Array };

const bodyLength = 28;
const prefixLength = 7;
const tokenLength = prefixLength + 64;
const kinds = new Map<string, TokenKind>(
  Object.entries(tokenPrefixes).map(([kind, prefix]) => [prefix, kind as TokenKind]),
);

/**
 * Takes a token apart, or answers `undefined` where it has not the one spelling that a token has. The MAC is not
 * checked.
 */
export function parseToken(text: string): SignedPointer | undefined {
  if (text.length !== tokenLength) return undefined;
  const kind = kinds.get(text.slice(0, prefixLength));
  if (kind === undefined) return undefined;
  const bytes = decodeBase64Url(text.slice(prefixLength));
  if (bytes === undefined) return undefined;
  const body = bytes.subarray(0, bodyLength);
  return { kind, pointer: decodePointer(body), body, mac: bytes.subarray(bodyLength) };
}

export function formatToken(kind: TokenKind, body: Uint8Array, mac: Uint8Array): string {
  const bytes = new Uint8Array(48);
  bytes.set(body);
  bytes.set(mac, bodyLength);
  return tokenPrefixes[kind] + encodeBase64Url(bytes);
}

export function encodePointer(pointer: TokenPointer): Uint8Array {
  const body = new Uint8Array(bodyLength);
  const view = new DataView(body.buffer);
  view.setUint8(0, pointer.keyId);
  body.set(grantIdToBytes(pointer.grantId), 1);
  view.setUint32(17, pointer.generation);
  view.setUint8(21, Math.floor(pointer.issuedAt / 2 ** 32));
  view.setUint32(22, pointer.issuedAt % 2 ** 32);
  view.setUint16(26, pointer.variant);
  return body;
}

function decodePointer(body: Uint8Array): TokenPointer {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  return {
    keyId: view.getUint8(0),
    grantId: grantIdFromBytes(body.subarray(1, 17)),
    generation: view.getUint32(17),
    issuedAt: view.getUint8(21) * 2 ** 32 + view.getUint32(22),
    variant: view.getUint16(26),
  };
}

/** Where the digits of each byte stand in a UUID text. */
const placesOfBytes = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const codesOfDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const uuidCodes = Array.from("00000000-0000-0000-0000-000000000000", (character) => character.charCodeAt(0));

/** The UUID text of 16 bytes. Made in one piece: text that is joined of many is slow to look up in a map. */
export function grantIdFromBytes(bytes: Uint8Array): GrantId {
  for (let at = 0; at < 16; at++) {
    const place = placesOfBytes[at]!;
    uuidCodes[place] = codesOfDigits[bytes[at]! >> 4]!;
    uuidCodes[place + 1] = codesOfDigits[bytes[at]! & 15]!;
  }
  return String.fromCharCode(...uuidCodes) as GrantId;
}

/** The 16 bytes of a UUID text. */
export function grantIdToBytes(id: GrantId): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 16; at++) {
    const place = placesOfBytes[at]!;
    bytes[at] = (hexDigit(id.charCodeAt(place)) << 4) | hexDigit(id.charCodeAt(place + 1));
  }
  return bytes;
}

/** 0 to 15 for the code of 0-9, a-f or A-F. */
const hexDigit = (code: number): number => (code & 15) + (code >> 6) * 9;

export const isGrantId = (text: string): text is GrantId => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
