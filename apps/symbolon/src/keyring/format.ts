import { createHash } from "node:crypto";
import { z } from "zod";
import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import type { Clock, KeyringData, KeyringKey, Random } from "@symbolon/server";
import { Failure } from "../command/failure.ts";

/** The content of `keyring.json`. `nextId` only grows, so that the id of a dropped key is never used again. */
export type StoredKeyring = KeyringData & { nextId: number };

const secret = z.string().refine((text) => decodeBase64Url(text)?.length === 32, "must be 32 bytes in base64url");
const time = z.int().nonnegative();
const schema = z.strictObject({
  format: z.literal(1),
  nextId: z.int().min(1).max(256),
  keys: z.array(z.strictObject({ id: z.int().min(0).max(255), secret, createdAt: time, activeFrom: time })).min(1),
  pepper: secret,
});

/**
 * Parses a keyring. Throws a Failure that names the wrong member and never its value. `where` is the file or the
 * variable, for the message.
 */
export function parseKeyring(text: string, where: string): StoredKeyring {
  const result = schema.safeParse(readJson(text, where));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Failure(
      `${where} is not a keyring: ${issue!.path.map(String).join(".") || "the text"} ${issue!.message}.`,
      restoreFromBackup,
    );
  }
  const ids = result.data.keys.map(({ id }) => id);
  const isSound = new Set(ids).size === ids.length && ids.every((id) => id < result.data.nextId);
  if (!isSound)
    throw new Failure(`${where} is not a keyring: its key ids repeat or are not below nextId.`, restoreFromBackup);
  return result.data;
}

const restoreFromBackup = "Restore the file from your backup. Without its keys every token is lost.";

function readJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${where} is not JSON.`, restoreFromBackup);
  }
}

export const formatKeyring = (keyring: StoredKeyring): string => `${JSON.stringify(keyring, null, 2)}\n`;

/**
 * The name of the keyring in its database: a digest of the pepper, which never changes. Tells nothing about the pepper,
 * which is 256 random bits.
 */
export const keyringId = ({ pepper }: KeyringData): string =>
  createHash("sha256").update(`symbolon keyring ${pepper}`).digest("base64url").slice(0, 22);

/** A keyring with one key, in force at once. */
export function newKeyring(clock: Clock, random: Random): StoredKeyring {
  const now = Math.floor(clock.epochMs() / 1000);
  return { format: 1, nextId: 2, keys: [newKey(1, now, now, random)], pepper: encodeBase64Url(random(32)) };
}

/** The time until a new key is in force: long enough for every process to read it first. */
export const leadSeconds = 60;

/** The keyring with one more key, which signs new tokens after `leadSeconds`. */
export function withNewKey(
  keyring: StoredKeyring,
  clock: Clock,
  random: Random,
): { keyring: StoredKeyring; key: KeyringKey } {
  if (keyring.nextId > 255)
    throw new Failure(
      "The keyring has used all of its 255 key ids.",
      "Start a new data directory. A key id is never used twice.",
    );
  const now = Math.floor(clock.epochMs() / 1000);
  const key = newKey(keyring.nextId, now, now + leadSeconds, random);
  return { keyring: { ...keyring, nextId: keyring.nextId + 1, keys: [...keyring.keys, key] }, key };
}

const newKey = (id: number, createdAt: number, activeFrom: number, random: Random): KeyringKey => ({
  id,
  secret: encodeBase64Url(random(32)),
  createdAt,
  activeFrom,
});
