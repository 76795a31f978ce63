import { timingSafeEqual } from "node:crypto";
import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import type { Keyring } from "../keyring/keyring.ts";
import type { AuditLine } from "./audit-line.ts";

/** A line as the store keeps it. */
export type AuditRecord = {
  /** 1 for the first line ever; without gaps. */
  position: number;
  /** The line as JSON, kept as it was written, because the MAC covers its bytes. */
  text: string;
  /** Covers the text, the position and the MAC of the line before. */
  mac: Uint8Array;
};

/** A line that is about to be appended. Only the store knows where it will stand. */
export type AuditAppend = { text: string; macAfter: (before: Uint8Array, position: number) => Uint8Array };

/** A place in the log, as text: the MAC in base64url. */
export type AuditHead = { position: number; mac: string };

/** Before the first line. */
export const noLine: AuditHead = { position: 0, mac: encodeBase64Url(new Uint8Array(32)) };

/**
 * The line with the MAC that chains it to the line before. The key is in the keyring, so someone who can write to
 * the database alone can neither change a line nor add one (ST-15).
 */
export function appendOf(line: AuditLine, keyring: Pick<Keyring, "digest">): AuditAppend {
  const text = JSON.stringify(line);
  return { text, macAfter: (before, position) => macOf({ position, text }, encodeBase64Url(before), keyring) };
}

export const lineOf = ({ text }: Pick<AuditRecord, "text">): AuditLine => JSON.parse(text) as AuditLine;

export const headOf = ({ position, mac }: AuditRecord): AuditHead => ({ position, mac: encodeBase64Url(mac) });

/** What is wrong with a record that should follow `before`, in words for an operator; `undefined`: nothing. */
export function findDamage(
  before: AuditHead,
  record: AuditRecord,
  keyring: Pick<Keyring, "digest">,
): string | undefined {
  const position = before.position + 1;
  if (record.position !== position) return `audit: line ${position} is missing`;
  return isSameMac(record.mac, macOf(record, before.mac, keyring))
    ? undefined
    : `audit: line ${position} is not the one that was written`;
}

export const macBytes = ({ mac }: AuditHead): Uint8Array => decodeBase64Url(mac) ?? new Uint8Array(0);

export const isSamePlace = (one: AuditHead, other: AuditHead): boolean =>
  one.position === other.position && isSameMac(macBytes(one), macBytes(other));

const isSameMac = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

const macOf = (
  { position, text }: Pick<AuditRecord, "position" | "text">,
  before: string,
  keyring: Pick<Keyring, "digest">,
): Uint8Array => keyring.digest("audit", `${before} ${position} ${text}`);
