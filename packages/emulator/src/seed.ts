import { createHash } from "node:crypto";

/**
 * Source of reproducible pseudo-random values: each is a function of the seed and its label. One seed gives the same
 * ids and tokens in any order of requests. Not fit for secrets.
 */
export type Seed = {
  bytes(label: string, length: number): Uint8Array;
  hex(label: string, length: number): string;
  /** `length` characters of `alphabet`. */
  text(label: string, length: number, alphabet: string): string;
  uuid(label: string): string;
  /** From 0 up to but not including 1. */
  fraction(label: string): number;
};

export const base64UrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
export const upperAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function newSeed(seed: number): Seed {
  const bytes = (label: string, length: number): Uint8Array => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, at) =>
      createHash("sha256").update(`${seed}\0${at}\0${label}`).digest(),
    );
    return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
  };
  const hex = (label: string, length: number): string =>
    Buffer.from(bytes(label, Math.ceil(length / 2)))
      .toString("hex")
      .slice(0, length);
  return {
    bytes,
    hex,
    text: (label, length, alphabet) =>
      Array.from(bytes(label, length), (byte) => alphabet[byte % alphabet.length]).join(""),
    uuid: (label) => hex(label, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5"),
    fraction: (label) => Number.parseInt(hex(label, 12), 16) / 2 ** 48,
  };
}
