/** Members of responses whose values are secret in every response. */
const secretMember = /("\w*(?:token|code|secret|verifier|password|assertion)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** What replaces a secret in errors and logs. */
export const maskedText = "[sealed]";

/**
 * The text with every secret replaced, in all encodings in which a provider or a library may repeat it: plain, URL
 * encoded, form encoded (hex digits in either case), escaped in JSON. Longest first, so that no part of one is left.
 */
export function mask(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const spelling of secrets.flatMap(spellings).sort((one, other) => other.length - one.length))
    masked = masked.replaceAll(spelling, maskedText);
  return masked;
}

/** As `mask`, and also replaces the values of members that are secret by their name. */
export const maskBody = (body: string, secrets: readonly string[]): string =>
  mask(body, secrets).replace(secretMember, `$1"${maskedText}"`);

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

/** One value in `application/x-www-form-urlencoded`. @see RFC 6749 Appendix B */
export const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

/** Code and message of a thrown error and of its causes, at most five deep. May contain secrets: mask it. */
export const describeThrown = (thrown: unknown, depth = 0): string =>
  thrown instanceof Error && depth < 5
    ? [(thrown as { code?: unknown }).code, thrown.message, describeThrown(thrown.cause, depth + 1)]
        .filter(Boolean)
        .join(" ")
    : "";
