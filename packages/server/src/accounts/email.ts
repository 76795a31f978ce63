/**
 * The e-mail address as it is stored and looked up: NFKC, lower case, trimmed. `undefined` if the text is not an e-mail
 * address (WB-14).
 */
export function normaliseEmail(text: string): string | undefined {
  const email = text.normalize("NFKC").trim().toLowerCase();
  return email.length <= 254 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email) ? email : undefined;
}
