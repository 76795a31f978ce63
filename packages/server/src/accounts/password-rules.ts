import { Sealed, type Password } from "@symbolon/protocol";
import { invalid, missing, type Validated } from "../field-problem.ts";

const leastCharacters = 8;
const mostCodeUnits = 1024;

/** The passwords that every guesser tries first. */
const tooCommon = new Set([
  "password",
  "password1",
  "passw0rd",
  "12345678",
  "123456789",
  "1234567890",
  "11111111",
  "00000000",
  "87654321",
  "qwertyui",
  "qwertyuiop",
  "qwerty123",
  "abcd1234",
  "iloveyou",
  "sunshine",
  "princess",
  "football",
  "baseball",
  "letmein1",
  "welcome1",
  "changeme",
  "trustno1",
]);

/**
 * A new password in NFKC (NIST SP 800-63B §3.1.1.2). Refuses one that is empty, of several lines, shorter than 8
 * characters, longer than 1024, common, or equal to the e-mail address. The refusal never holds the password.
 */
export function validatePassword(text: string, email: string): Validated<Password, "password"> {
  const password = text.normalize("NFKC");
  const length = [...password].length;
  if (length === 0) return missing("password", "is empty");
  if (/[\r\n\0]/.test(password)) return invalid("password", "must be a single line");
  if (length < leastCharacters) return invalid("password", `must have at least ${leastCharacters} characters`);
  if (password.length > mostCodeUnits) return invalid("password", `must have at most ${mostCodeUnits} characters`);
  const plain = password.toLowerCase();
  if (tooCommon.has(plain) || plain === email) return invalid("password", "is too easy to guess");
  return { ok: true, value: new Sealed(password) };
}
