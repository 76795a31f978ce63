const longestEmail = 254;

/**
 * The e-mail address as it is stored and looked up: NFKC, lower case, trimmed. `undefined` if the text is not an e-mail
 * address (WB-14).
 */
export function normaliseEmail(text: string): string | undefined {
  if (text.length > 4 * longestEmail) return undefined;
  const email = text.normalize("NFKC").trim().toLowerCase();
  return email.length <= longestEmail && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email) ? email : undefined;
}
