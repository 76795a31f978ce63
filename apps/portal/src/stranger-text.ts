import { html, type Html } from "@symbolon/html";

/**
 * Text that someone we do not know chose: short, on few lines, and unable to rearrange what stands around it. `<bdi>`
 * isolates its direction; what is left of an override after that is taken out by `tame`.
 */
export const stranger = (text: string, longest = 80): Html => html`<bdi>${tame(text, longest)}</bdi>`;

/** A scope, a host, a reason: the same, and where it must break over lines, it breaks behind a separator. */
export const identifier = (text: string, longest = 80): Html =>
  html`<bdi>${tame(text, longest)
    .split(/(?<=[_:./@])/)
    .map((piece, i) => (i === 0 ? piece : html`<wbr>${piece}`))}</bdi>`;

/**
 * The same as plain text, for titles and attributes. Takes out control characters, direction overrides and invisible
 * characters (they make one name look like another), keeps at most two marks on a letter, and cuts after `longest`
 * characters as a reader counts them. Where nothing readable is left, it says so.
 */
export function tame(text: string, longest = 80): string {
  const readable =
    text
      .slice(0, longest * 64)
      .replace(unseen, "")
      .replace(/\s+/gu, " ")
      .replace(/(\p{M}{2})\p{M}+/gu, "$1")
      .trim() || "(blank)";
  const room = readable.slice(0, longest * 4); // one "character" can be a chain of joined emoji without end
  const characters = Array.from(graphemes.segment(room), ({ segment }) => segment);
  if (room.length === readable.length && characters.length <= longest) return readable;
  return `${characters
    .slice(0, Math.min(longest, characters.length) - 1)
    .join("")
    .trimEnd()}…`;
}

/**
 * Whether one word of it holds letters of two alphabets that look alike: Cyrillic а, о, е among Latin letters fake a
 * known name (WB-09).
 */
export const mixesAlphabets = (text: string): boolean =>
  tame(text)
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

/** The first letter or digit, for a tile that stands in for a logo. */
export function initial(text: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(tame(text))?.[0];
  return letter === undefined ? "•" : letter.toLocaleUpperCase("en").slice(0, 2);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Controls, formats (directions, zero widths, tags), halves of pairs, unassigned and private characters, and letters
 * that are blank. The joiners of emoji and Persian stay, and so does what breaks a line, which becomes a space.
 */
const unseen = /(?![\t-\r\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0]/gu;
