/** A hash function handed in, because this package does no cryptography of its own. */
export type Sha256 = (text: string) => Uint8Array;

/**
 * Exactly the unpadded base64url of 32 bytes; the last character carries two slack bits, which must be zero. @see RFC
 * 7636 §4.2
 */
export const isCodeChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);

/** @see RFC 7636 §4.1 */
export const isCodeVerifier = (text: string): boolean => /^[A-Za-z0-9._~-]{43,128}$/.test(text);
