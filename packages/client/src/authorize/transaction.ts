import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import { platformWorld } from "../edge.ts";
import type { World } from "../world.ts";

/**
 * What a client has to remember while the user is at the provider. It is sealed into one string (AES-256-GCM) for the
 * user's own session or HttpOnly cookie. It opens only for the same issuer, client and `boundTo`, so a code of one
 * provider cannot be sent to another.
 * @see MX-03, MX-04
 */
export type Transaction = {
  state: string;
  verifier: string;
  redirectUri: string;
  resource?: string;
  beganAtMs: number;
};

/** What a transaction is sealed to. It opens only for the same three values. */
export type TransactionBinding = { issuer: string; clientId: string; boundTo: string };

/** 32 bytes as 43 characters of base64url, or an AES-GCM `CryptoKey` made of them. */
export type TransactionKey = string | AesKey;

/** `CryptoKey`, by a name that exists with the types of a browser and with those of Node alone. */
type AesKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const prefix = "sym_tx1.";

/** Throws `TypeError` where the key cannot be used. */
export async function sealTransaction(
  transaction: Transaction,
  binding: TransactionBinding,
  key: TransactionKey,
  world: World,
): Promise<string> {
  const iv = Uint8Array.from(world.random(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: associatedData(binding) },
    await importKey(key),
    toBytes(JSON.stringify(transaction)),
  );
  return prefix + encodeBase64Url(Uint8Array.from([...iv, ...new Uint8Array(sealed)]));
}

/**
 * The transaction, or undefined if the text was not sealed by this key for this binding. Throws `TypeError` where
 * the key cannot be used.
 */
export async function openTransaction(
  text: string,
  binding: TransactionBinding,
  key: TransactionKey,
): Promise<Transaction | undefined> {
  const opened = await importKey(key);
  const bytes = text.startsWith(prefix) ? decodeBase64Url(text.slice(prefix.length)) : undefined;
  if (bytes === undefined || bytes.length < 12 + 16) return undefined;
  const [iv, sealed] = [Uint8Array.from(bytes.subarray(0, 12)), Uint8Array.from(bytes.subarray(12))];
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: associatedData(binding) },
      opened,
      sealed,
    );
    return JSON.parse(new TextDecoder().decode(plain)) as Transaction;
  } catch {
    return undefined;
  }
}

/** A new random key: 43 characters of base64url. Every process that finishes an authorization needs the same one. */
export const newTransactionKey = (world: World = platformWorld): string => encodeBase64Url(world.random(32));

async function importKey(key: TransactionKey): Promise<AesKey> {
  if (key instanceof CryptoKey) return key;
  const bytes = typeof key === "string" ? decodeBase64Url(key) : undefined;
  if (bytes?.length !== 32) throw new TypeError("the transaction key must be 32 bytes, as 43 characters of base64url");
  return await crypto.subtle.importKey("raw", Uint8Array.from(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

const associatedData = ({ issuer, clientId, boundTo }: TransactionBinding): Uint8Array<ArrayBuffer> =>
  toBytes(JSON.stringify([prefix, issuer, clientId, boundTo]));

const toBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
