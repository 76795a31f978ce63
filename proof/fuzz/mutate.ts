import type { SeededRandom } from "@symbolon/testing";

export const longestInput = 4096;

/**
 * Texts that break parsers: delimiters, escapes, padding, look-alikes, controls, prototypes, four-byte characters, lone
 * surrogates.
 */
const pieces = [
  "&",
  "=",
  "==",
  "%",
  "%2",
  "%00",
  "%0a",
  "%61",
  "%FF",
  "%C3%A9",
  "%c3%28",
  "%ED%A0%80",
  "%u0061",
  "+",
  " ",
  "  ",
  "\t",
  "\n",
  "\r\n",
  "\0",
  "\u007f",
  "\u0080",
  "ÿ",
  "é",
  "ß",
  "ı",
  "\u0130",
  "\u212a",
  "\u017f",
  "＠",
  "。",
  "①",
  "ɡ",
  "\u202e",
  "\u200b",
  "\ufeff",
  "\u{1f600}",
  "\ud800",
  "\udc00",
  ";",
  ",",
  ":",
  "::",
  "/",
  "//",
  "/.",
  "/..",
  "/./",
  "\\",
  "?",
  "#",
  "@",
  "*",
  "[",
  "]",
  "[]",
  "{",
  "}",
  "<",
  ">",
  '"',
  "'",
  "`",
  "^",
  "|",
  "~",
  "-",
  "_",
  ".",
  "A",
  "a",
  "Z",
  "z",
  "0",
  "9",
  "__proto__",
  "constructor",
  "resource",
  "client_id",
  "sym_at_",
  "sym_rt_",
  "sym_ac_",
  "Bearer ",
  "Basic ",
  "https://",
  "http://",
  "HTTPS://",
  "javascript:",
  "127.0.0.1",
  "[::1]",
  "localhost",
  "0x7f.1",
  "2130706433",
  ":443",
  ":0",
  ":65536",
  ":80",
  "good.example",
  "evil.example",
  "@evil.example",
  "com.example.app:/",
];

/** Applies one to four small changes to a text, which may be joined with another. */
export function mutate(text: string, other: string, { below }: SeededRandom): string {
  let mutated = text;
  for (let injuries = 1 + below(4); injuries > 0; injuries--) mutated = injure(mutated, other, below);
  return mutated.length > longestInput ? mutated.slice(0, longestInput) : mutated;
}

function injure(text: string, other: string, below: SeededRandom["below"]): string {
  const at = below(text.length + 1);
  const to = Math.min(text.length, at + 1 + below(8));
  const piece = pieces[below(pieces.length)]!;
  switch (below(12)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + piece + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, at) + text.slice(at, to).repeat(2 + below(30)) + text.slice(to);
    case 4:
      return (
        text.slice(0, at) +
        String.fromCharCode(text.charCodeAt(Math.min(at, text.length - 1)) ^ (1 << below(7)) || 65) +
        text.slice(at + 1)
      );
    case 5:
      return text.slice(0, at) + escaped(text.slice(at, to)) + text.slice(to);
    case 6:
      return text.slice(0, at) + swapCase(text.slice(at, to)) + text.slice(to);
    case 7:
      return text.slice(0, at) + other.slice(below(other.length + 1));
    case 8:
      return other + piece + text;
    case 9:
      return text.slice(at) + text.slice(0, at);
    case 10:
      return text.slice(0, at) + String.fromCharCode(below(below(4) === 0 ? 65_536 : 128)) + text.slice(at + below(2));
    default:
      return text + piece;
  }
}

const escaped = (text: string): string =>
  [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
const swapCase = (text: string): string =>
  [...text]
    .map((character) => (character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase()))
    .join("");
