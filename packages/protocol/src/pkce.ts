/** SHA-256, passed in: this package contains no cryptography. */
export type Sha256 = (text: string) => Uint8Array;

/**
 * Whether the text is the unpadded base64url of 32 bytes. The last character has two spare bits, which must be zero.
 * @see RFC 7636 §4.2
 */
export const isCodeChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);

/** Whether the text has 43 to 128 unreserved characters. @see RFC 7636 §4.1 */
export const isCodeVerifier = (text: string): boolean => /^[A-Za-z0-9._~-]{43,128}$/.test(text);
