import type { Syntax } from "./syntax.ts";
import { isTest, isTypeScript, type HouseFile, type Violation } from "./tree.ts";

export const longestFile = 300;
const longFile = 250;
const longestComment = 120;
const longestCode = 140;

/** Files that may be longer than `longestFile`, and why. */
const longForAReason: Readonly<Record<string, string>> = {
  "apps/portal/src/assets/portal.css": "the pages load one stylesheet",
};

/** Beginnings of paths whose code still has lines that are too long. Nothing is added to it. */
const longLinesIn: readonly string[] = [
  "apps/",
  "packages/",
  "proof/emulator/",
  "proof/keeper",
  "proof/pack/",
  "proof/packages/",
  "proof/trials/",
];

export const lineCount = (text: string): number => text.split("\n").length - (text.endsWith("\n") ? 1 : 0);

/** A file fits in the head, tests too. @see docs/reference/style.md §11 */
export function checkFileLength({ path, text }: HouseFile): Violation[] {
  const count = lineCount(text);
  if (!/\.(?:m?ts|m?js|css|sql)$/.test(path)) return [];
  if (count <= longestFile)
    return path in longForAReason ? [{ path, line: 0, message: "is short enough; remove it from lengths.ts" }] : [];
  const message = `has ${count} lines; split it by topic (at most ${longestFile})`;
  return path in longForAReason ? [] : [{ path, line: longestFile + 1, message }];
}

/** Sources that are near the limit; nothing fails because of them. */
export const longFiles = (files: readonly HouseFile[]): HouseFile[] =>
  files.filter(
    ({ path, text }) =>
      isTypeScript(path) && !isTest(path) && lineCount(text) > longFile && lineCount(text) <= longestFile,
  );

/** Comments are reflowed by hand; the formatter wraps code, except for literals. */
export function checkLineLength({ path, text, syntax }: HouseFile): Violation[] {
  const lines = text.split("\n");
  if (syntax === undefined || !lines.some((line) => line.length > longestComment)) return [];
  const comments = lines.flatMap((line, index) =>
    line.length > longestComment && /^\s*(?:\*(?! \|)|\/\/|\/\*)/.test(line)
      ? [{ path, line: index + 1, message: `is a comment of ${line.length} columns (at most ${longestComment})` }]
      : [],
  );
  if (longLinesIn.some((prefix) => path.startsWith(prefix))) return comments;
  return [...comments, ...checkCodeLines(path, lines, syntax)];
}

function checkCodeLines(path: string, lines: readonly string[], syntax: Syntax): Violation[] {
  if (!lines.some((line) => line.length > longestCode)) return [];
  const literals: { start: number; end: number }[] = [];
  syntax.visit({
    Literal: ({ start, end }) => void literals.push({ start, end }),
    TemplateElement: ({ start, end }) => void literals.push({ start, end }),
  });
  let start = 0;
  return lines.flatMap((line, index) => {
    const [from, to] = [start, start + line.length];
    start = to + 1;
    const longest = Math.max(0, ...literals.map((one) => Math.min(to, one.end) - Math.max(from, one.start)));
    return line.length > longestCode && line.length - longest > longestComment
      ? [{ path, line: index + 1, message: `has ${line.length} columns (at most ${longestCode}); name the parts` }]
      : [];
  });
}
