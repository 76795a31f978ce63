import { UsageError } from "../command/failure.ts";

/** The first that every guesser tries. */
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

/** A password as the person meant it: NFKC, without the line break that ended the input (NIST SP 800-63B §3.1.1.2). */
export function readPassword(input: string, email: string): string {
  const password = input.replace(/\r?\n$/, "").normalize("NFKC");
  const length = [...password].length;
  if (length === 0)
    throw new UsageError(
      "The password is empty.",
      'Send it on stdin: printf %s "$PASSWORD" | symbolon account … --password-stdin',
    );
  if (/[\r\n\0]/.test(password))
    throw new UsageError("The password must be a single line.", "Send the password alone on stdin.");
  if (length < 8)
    throw new UsageError("The password is too short.", "Use at least 8 characters; a few words are better than one.");
  if (password.length > 1024)
    throw new UsageError("The password is longer than 1024 characters.", "Use a shorter one.");
  const plain = password.toLowerCase();
  if (tooCommon.has(plain) || plain === email)
    throw new UsageError(
      "The password is among the first that every guesser tries.",
      "Use another; a few words are better than one.",
    );
  return password;
}
