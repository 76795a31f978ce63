import { hash } from "node:crypto";
import { grantIdFromBytes, grantIdToBytes, type AccountId, type GrantId } from "@symbolon/protocol";
import type { PresentedToken } from "../keyring/keyring.ts";
import type { Clock, Random } from "../deps.ts";

/**
 * 16 bytes in UUIDv7 layout: 48 bits of time, so that rows are stored in order of creation, and 74 random bits. `last`
 * takes the place of the last 48 of them.
 */
export function newGrantId(clock: Clock, random: Random, last?: Uint8Array): GrantId {
  const bytes = new Uint8Array(16);
  bytes.set(random(10), 6);
  if (last !== undefined) bytes.set(last.subarray(0, 6), 10);
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(clock.epochMs()) << 16n) | BigInt((bytes[6]! << 8) | bytes[7]!));
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return grantIdFromBytes(bytes);
}

/** The last 48 bits: of the grant of a consent, they name the request and the browser that it came from. */
export const requestOf = (id: GrantId): string => id.slice(-12);

/** Account ids have the same form. */
export const newAccountId = (clock: Clock, random: Random): AccountId =>
  newGrantId(clock, random) as string as AccountId;

/** SHA-256 of the 16 bytes of the id: names a grant in the revocation feed. */
export const hashOfGrant = (id: GrantId): Uint8Array => sha256(grantIdToBytes(id));

/** SHA-256 of the token: names a revoked access token in its table and in the revocation feed. */
export const fingerprintOf = (token: PresentedToken): Uint8Array => sha256(token.reveal());

/** "binary", with one character for each byte, is three times as fast as a buffer. */
const sha256 = (message: string | Uint8Array): Uint8Array => Buffer.from(hash("sha256", message, "binary"), "binary");
