import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import { platformWorld } from "../edge.ts";
import type { World } from "../world.ts";

/**
 * What a client remembers between sending a person away and their coming back, sealed into one text (AES-256-GCM): for
 * the person's own session or an HttpOnly cookie of theirs. It carries its issuer, so a code of one provider cannot
 * even be put to another, and opens for the same issuer, client and `boundTo` only. @see MX-03, MX-04
 */
export type Transaction = {
  state: string;
  verifier: string;
  redirectUri: string;
  resource?: string;
  beganAtMs: number;
};

/** To whom a transaction belongs. */
export type TransactionParties = { issuer: string; clientId: string; boundTo: string };

/** 32 bytes as 43 characters of base64url, or a key made of them. */
export type TransactionKey = string | CryptoKey;

const marker = "sym_tx1.";

/** Throws where the key is none. */
export async function sealTransaction(
  transaction: Transaction,
  parties: TransactionParties,
  key: TransactionKey,
  world: World,
): Promise<string> {
  const iv = Uint8Array.from(world.random(12));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: associated(parties) },
    await keyOf(key),
    encode(JSON.stringify(transaction)),
  );
  return marker + encodeBase64Url(Uint8Array.from([...iv, ...new Uint8Array(sealed)]));
}

/**
 * The transaction, or undefined for any text that was not sealed by this key for these parties. Throws where the key is
 * none.
 */
export async function openTransaction(
  text: string,
  parties: TransactionParties,
  key: TransactionKey,
): Promise<Transaction | undefined> {
  const opened = await keyOf(key);
  const bytes = text.startsWith(marker) ? decodeBase64Url(text.slice(marker.length)) : undefined;
  if (bytes === undefined || bytes.length < 12 + 16) return undefined;
  const [iv, sealed] = [Uint8Array.from(bytes.subarray(0, 12)), Uint8Array.from(bytes.subarray(12))];
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: associated(parties) },
      opened,
      sealed,
    );
    return JSON.parse(new TextDecoder().decode(plain)) as Transaction;
  } catch {
    return undefined;
  }
}

/** A fresh key. Keep it where every process that finishes an authorization finds it. */
export const newTransactionKey = (world: World = platformWorld): string => encodeBase64Url(world.random(32));

async function keyOf(key: TransactionKey): Promise<CryptoKey> {
  if (key instanceof CryptoKey) return key;
  const bytes = typeof key === "string" ? decodeBase64Url(key) : undefined;
  if (bytes?.length !== 32) throw new TypeError("the transaction key must be 32 bytes, as 43 characters of base64url");
  return await crypto.subtle.importKey("raw", Uint8Array.from(bytes), "AES-GCM", false, ["encrypt", "decrypt"]);
}

const associated = ({ issuer, clientId, boundTo }: TransactionParties): Uint8Array<ArrayBuffer> =>
  encode(JSON.stringify([marker, issuer, clientId, boundTo]));

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
