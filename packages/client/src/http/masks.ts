/** Members of answers and names of headers that are secret whoever sent them. */
const secretMember =
  /("(?:access_token|refresh_token|id_token|client_secret|code|code_verifier|device_code|token|assertion|password)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

export const sealedText = "[sealed]";

/**
 * The text without any of the secrets, in every spelling in which a provider or a library may echo them: as it is, escaped
 * for a URL or a form, with JSON's escaped slashes, as Basic credentials.
 */
export function mask(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of [...new Set(secrets.flatMap(spellings))].sort((one, other) => other.length - one.length)) {
    masked = masked.replaceAll(secret, sealedText);
  }
  return masked;
}

/** As `mask`, and without the values of members that are secret by their name. */
export const maskBody = (body: string, secrets: readonly string[]): string => mask(body, secrets).replace(secretMember, `$1"${sealedText}"`);

function spellings(secret: string): string[] {
  if (secret === "") return [];
  const form = formEncode(secret);
  return [secret, form, form.replaceAll("+", "%20"), encodeSafely(secret), secret.replaceAll("/", "\\/"), JSON.stringify(secret).slice(1, -1)];
}

/** `application/x-www-form-urlencoded`, one value. @see RFC 6749 Appendix B */
export const formEncode = (text: string): string => new URLSearchParams([["", text]]).toString().slice(1);

const encodeSafely = (text: string): string => encodeURIComponent(text.isWellFormed?.() === false ? "" : text) || sealedText;

/**
 * A copy of what a platform threw, for `cause`: its names, codes and masked messages, and nothing else. The original may
 * hold the request, and with it whatever was in its headers.
 */
export function maskedCause(thrown: unknown, secrets: readonly string[], depth = 0): Error | undefined {
  if (!(thrown instanceof Error) || depth > 4) return undefined;
  const { code } = thrown as { code?: unknown };
  const copy = new Error(mask(thrown.message, secrets), { cause: maskedCause(thrown.cause, secrets, depth + 1) });
  copy.name = thrown.name;
  copy.stack = `${thrown.name}: ${copy.message}`;
  return typeof code === "string" ? Object.assign(copy, { code }) : copy;
}
