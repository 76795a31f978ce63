/**
 * An id of a family that docs/reference/ids.md explains: `A7`, `B3.5`, `I3`, `S1`, `R-22`, `C-05`, `AZ-14`, `rule 14`.
 */
export type Id = string;

const groups = "AZ|AP|MX|WB|CA|TK|IN|RG|RV|SS|JW|DP|DV|HT|ST|OP|SI|AD|FD";
const id = new RegExp(
  String.raw`(?<![\w%\\#$.+/-])(?:(?:${groups})-\d{2}|[RC]-\d{2}|[AB]\d{1,2}(?:\.\d{1,2})?|I\d{1,2}|S\d|rule \d{1,2})(?![\w%])`,
  "g",
);

/** The ids that a comment, a title or a page uses. */
export const idsIn = (text: string): Id[] => text.match(id) ?? [];

/** Where ids have their sentence: a row of a table that begins with the id. */
const dictionaries = new Set(["docs/reference/ids.md", "docs/attacks.md"]);

export function readIds(pages: readonly (readonly [path: string, text: string])[]): Set<Id> {
  const texts = pages.filter(([path]) => dictionaries.has(path)).map(([, text]) => text);
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/^\| ([^|]+) \| [^|]*\w/gm)].map(([, first = ""]) => first)),
  );
}
