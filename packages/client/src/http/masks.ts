/** Members of answers that are secret whoever sent them. */
const secretMember =
  /("\w*(?:token|code|secret|verifier|password|assertion)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

export const sealedText = "[sealed]";

/**
 * The text without any of the secrets, in every spelling in which a provider or a library may echo them: as it is, escaped
 * for a URL or a form, in JSON. The longest go first, so that none is left in part.
 */
export function mask(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const spelling of secrets.flatMap(spellings).sort((one, other) => other.length - one.length)) masked = masked.replaceAll(spelling, sealedText);
  return masked;
}

/** As `mask`, and without the values of members that are secret by their name. */
export const maskBody = (body: string, secrets: readonly string[]): string => mask(body, secrets).replace(secretMember, `$1"${sealedText}"`);

const spellings = (secret: string): string[] =>
  secret === "" ? [] : [secret, formEncode(secret), encodeURIComponent(secret), secret.replaceAll("/", "\\/"), JSON.stringify(secret).slice(1, -1)];

/** `application/x-www-form-urlencoded`, one value. @see RFC 6749 Appendix B */
export const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

/**
 * What a platform threw, for `cause`: the messages of the whole chain, masked, and the innermost code. The original may
 * hold the request, and with it whatever was in its headers.
 */
export function maskedCause(thrown: unknown, secrets: readonly string[]): Error & { code?: unknown } {
  const messages: string[] = [];
  let code: unknown;
  for (let error = thrown; error instanceof Error && messages.length < 5; error = error.cause) {
    messages.push(error.message);
    code = (error as { code?: unknown }).code ?? code;
  }
  return Object.assign(new Error(mask(messages.join(": "), secrets)), { code: code && mask(String(code), secrets) });
}
