import { invalid, missing, type Validated } from "../field-problem.ts";

const maximumCharacters = 80;
const controlsOrBidi = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/**
 * The name of a client or a resource server in NFC, without spaces around it. Control characters and characters that
 * turn the direction of text are refused, because the consent page shows the name.
 */
export function validateDisplayName(text: string | undefined): Validated<string, "name"> {
  const name = text?.normalize("NFC").trim() ?? "";
  if (name === "") return missing("name", "is needed");
  const isPlain = name.length <= maximumCharacters && !controlsOrBidi.test(name);
  return isPlain
    ? { ok: true, value: name }
    : invalid("name", `must be one line of at most ${maximumCharacters} characters, without control characters`);
}
