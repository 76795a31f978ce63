import { decodeBase64Url, encodeBase64Url } from "./base64.ts";
import type { EpochSeconds, GrantId } from "./types.ts";

/**
 * A token is a signed pointer to a grant (docs/decisions/0001): it holds the grant's id, the generation, the time of
 * issue and the variant. 48 bytes are 64 characters of base64url without spare bits, after a prefix for the kind:
 *
 *     sym_at_ + base64url( key id 1 | grant id 16 | generation 4 | issued at 5 | variant 2 | MAC 20 )
 *
 * This file knows the layout only. The keyring makes and checks the MAC, with a separate key for each kind.
 */
export const tokenPrefixes = { access: "sym_at_", refresh: "sym_rt_", code: "sym_ac_" } as const;

export type TokenKind = keyof typeof tokenPrefixes;

export type TokenPointer = {
  keyId: number;
  grantId: GrantId;
  /** Generation in the token family. A client-credentials grant has no family: there it is a random serial number. */
  generation: number;
  /** 0 in a refresh token, so that the successor of a rotation can be recomputed. */
  issuedAt: EpochSeconds;
  /** Number of the grant's variant (a reduced scope or audience) that an access token stands for; else 0. */
  variant: number;
};

export type SignedPointer = { kind: TokenKind; pointer: TokenPointer; body: Uint8Array; mac: Uint8Array };

const bodyLength = 28;
const prefixLength = 7;
/** Of every token and code, prefix included. */
export const tokenLength = prefixLength + 64;
const kinds = new Map<string, TokenKind>(
  Object.entries(tokenPrefixes).map(([kind, prefix]) => [prefix, kind as TokenKind]),
);

/** Splits a token into its parts, or returns `undefined` if it is not canonical. Does not check the MAC. */
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

/** Positions of the digits of each byte in the text of a UUID. */
const placesOfBytes = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const codesOfDigits = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const uuidCodes = Array.from("00000000-0000-0000-0000-000000000000", (character) => character.charCodeAt(0));

/** The text of a UUID. Made by one call: looking up a concatenated string in a map is slow. */
export function grantIdFromBytes(bytes: Uint8Array): GrantId {
  for (let at = 0; at < 16; at++) {
    const place = placesOfBytes[at]!;
    uuidCodes[place] = codesOfDigits[bytes[at]! >> 4]!;
    uuidCodes[place + 1] = codesOfDigits[bytes[at]! & 15]!;
  }
  return String.fromCharCode(...uuidCodes) as GrantId;
}

/** The 16 bytes of a UUID. */
export function grantIdToBytes(id: GrantId): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let at = 0; at < 16; at++) {
    const place = placesOfBytes[at]!;
    bytes[at] = (hexDigit(id.charCodeAt(place)) << 4) | hexDigit(id.charCodeAt(place + 1));
  }
  return bytes;
}

/** 0 to 15 for the character code of 0-9, a-f or A-F. */
const hexDigit = (code: number): number => (code & 15) + (code >> 6) * 9;

export const isGrantId = (text: string): text is GrantId => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
