/** Members of answers that are secret whoever sent them. */
const secretMember = /("\w*(?:token|code|secret|verifier|password|assertion)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

export const sealedText = "[sealed]";

/**
 * The text without any of the secrets, in every spelling in which a provider or a library may echo them: as it is,
 * escaped for a URL or a form in capitals or not, in JSON. The longest go first, so that none is left in part.
 */
export function mask(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const spelling of secrets.flatMap(spellings).sort((one, other) => other.length - one.length))
    masked = masked.replaceAll(spelling, sealedText);
  return masked;
}

/** As `mask`, and without the values of members that are secret by their name. */
export const maskBody = (body: string, secrets: readonly string[]): string =>
  mask(body, secrets).replace(secretMember, `$1"${sealedText}"`);

const spellings = (secret: string): string[] =>
  [
    secret,
    formEncode(secret),
    encodeURIComponent(secret),
    secret.replaceAll("/", "\\/"),
    JSON.stringify(secret).slice(1, -1),
  ]
    .flatMap((text) => [text, text.replace(/%../g, (byte) => byte.toLowerCase())])
    .filter(Boolean);

/** `application/x-www-form-urlencoded`, one value. @see RFC 6749 Appendix B */
export const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

/** What was thrown, as text: code and message of it and of each of its causes. May hold secrets. */
export const told = (thrown: unknown, depth = 0): string =>
  thrown instanceof Error && depth < 5
    ? [(thrown as { code?: unknown }).code, thrown.message, told(thrown.cause, depth + 1)].filter(Boolean).join(" ")
    : "";
