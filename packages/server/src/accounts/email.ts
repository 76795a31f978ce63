/**
 * An e-mail address as it is stored and looked up: NFKC, lower case, without spaces around; `undefined` where it is
 * none (WB-14).
 */
export function normaliseEmail(text: string): string | undefined {
  const email = text.normalize("NFKC").trim().toLowerCase();
  return email.length <= 254 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email) ? email : undefined;
}
