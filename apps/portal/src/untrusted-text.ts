import { html, type Html } from "@symbolon/html";

/**
 * Text that may come from an attacker: sanitized, at most `longest` characters, and in `<bdi>`, which isolates its
 * direction from the text around it.
 */
export const untrusted = (text: string, longest = 80): Html => html`<bdi>${sanitize(text, longest)}</bdi>`;

/** Like `untrusted`, for a scope, host or reason: lines break after a separator. */
export const identifier = (text: string, longest = 80): Html =>
  html`<bdi>${sanitize(text, longest)
    .split(/(?<=[_:./@])/)
    .map((piece, i) => (i === 0 ? piece : html`<wbr>${piece}`))}</bdi>`;

/**
 * Sanitized plain text, for titles and attributes. Removes control characters, direction overrides and invisible
 * characters, which make names look alike. Keeps at most two combining marks on a letter, and cuts after `longest`
 * grapheme clusters. Returns "(…)" if nothing readable is left.
 */
export function sanitize(text: string, longest = 80): string {
  const readable =
    text
      .slice(0, longest * 64)
      .replace(invisible, "")
      .replace(/\s+/gu, " ")
      .replace(/(\p{M}{2})\p{M}+/gu, "$1")
      .trim() || "(…)";
  const room = readable.slice(0, longest * 4); // one grapheme cluster can be an endless chain of joined emoji
  const characters = Array.from(graphemes.segment(room), ({ segment }) => segment);
  if (room.length === readable.length && characters.length <= longest) return readable;
  return `${characters
    .slice(0, Math.min(longest, characters.length) - 1)
    .join("")
    .trimEnd()}…`;
}

/**
 * Whether a word contains letters of two alphabets that look alike: Cyrillic а, о, е among Latin letters imitate a
 * known name (WB-09).
 */
export const mixesAlphabets = (text: string): boolean =>
  sanitize(text)
    .split(/[^\p{L}\p{M}]+/u)
    .some((word) => alphabets.filter((alphabet) => alphabet.test(word)).length > 1);

const alphabets = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
];

/** The first letter or digit, for a tile in place of a logo. */
export function initial(text: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(sanitize(text))?.[0];
  return letter === undefined ? "•" : letter.toLocaleUpperCase("en").slice(0, 2);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Control and format characters (directions, zero widths, tags), lone surrogates, unassigned and private characters,
 * and blank letters. Except joiners, for emoji and Persian, and line breaks, which become spaces.
 */
const invisible = /(?![\t-\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0]/gu;
