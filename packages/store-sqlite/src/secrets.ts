import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import type { SecretSlot } from "@symbolon/server";

/** `[[digest, created at], …]`. */
export const encodeSecrets = (secrets: readonly SecretSlot[]): string =>
  JSON.stringify(secrets.map(({ digest, createdAt }) => [encodeBase64Url(digest), createdAt]));

export const decodeSecrets = (text: string): SecretSlot[] =>
  (JSON.parse(text) as [string, number][]).map(([digest, createdAt]) => {
    const bytes = decodeBase64Url(digest);
    if (bytes === undefined) throw new Error("a client secret's digest does not decode");
    return { digest: bytes, createdAt };
  });

export const weighText = (bytes: number, text: string): number => bytes + 24 + 2 * text.length;
export const weighSecrets = (secrets: readonly SecretSlot[]): number => 400 + 200 * secrets.length;
