import { allowedWords, words, wordsInCode, type Word } from "./glossary-words.ts";
import type { HouseFile, Violation } from "./tree.ts";

/** Generated pages take their words from the source; the glossary, the guide to style and this rule quote the words. */
const unread =
  /^(?:package-lock\.json|docs\/(?:api|images)\/|docs\/(?:attacks|clauses)\.md|docs\/reference\/(?:glossary|style)\.md|scripts\/house\/glossary)|(?:^|\/)package-lock\.json$|\.svg$/;

/** Every place at which the file uses a word that the glossary replaces, in its path, names, comments and texts. */
export function checkGlossary(file: HouseFile): Violation[] {
  if (unread.test(file.path)) return [];
  return [...phrases, ...names].filter(({ word }) => !isAllowed(file.path, word)).flatMap((one) => one.find(file));
}

/** How many words each folder still has to replace, most first. */
export function countByFolder(files: readonly HouseFile[]): [folder: string, count: number][] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const found = checkGlossary(file).length;
    if (found > 0) counts.set(folderOf(file.path), (counts.get(folderOf(file.path)) ?? 0) + found);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

const folderOf = (path: string): string => {
  const parts = path.split("/");
  return parts.length === 1 ? path : `${parts.slice(0, Math.min(2, parts.length - 1)).join("/")}/`;
};

const isAllowed = (path: string, { not }: Word): boolean => `${path}:${not}` in allowedWords;

const violation = (path: string, line: number, { not, but }: Word): Violation => ({
  path,
  line,
  message: `uses "${not}"; say ${but}`,
});

/** Finds the phrase in prose and as a part of names. */
function phraseFinder(word: Word): Finder {
  const pattern = patternOf(word.not);
  const find = ({ path, text }: HouseFile): Violation[] => [
    ...(pattern.test(path) ? [violation(path, 0, word)] : []),
    ...(pattern.test(text) ? text.split("\n") : []).flatMap((line, index) =>
      pattern.test(line) ? [violation(path, index + 1, word)] : [],
    ),
  ];
  return { word, find };
}

/** Finds the word where it is a whole name in code. */
function nameFinder(word: Word): Finder {
  const pattern = new RegExp(String.raw`\b${word.not}\b`);
  const find = ({ path, text, syntax }: HouseFile): Violation[] => {
    const found: Violation[] = [];
    if (syntax === undefined || !pattern.test(text)) return found;
    syntax.visit({
      Identifier: ({ name, start }) =>
        name === word.not && void found.push(violation(path, syntax.lineAt(start), word)),
    });
    return found;
  };
  return { word, find };
}

/**
 * Matches the phrase with a plural `s`, and as a part of a camelCase or kebab-case name. Names in snake_case are not
 * matched: they are stored or travel.
 */
function patternOf(not: string): RegExp {
  const phrase = not.replaceAll(" ", String.raw`\s+`);
  const [first, rest] = [phrase[0]!, phrase.slice(1)];
  const ending = String.raw`s?(?![a-z0-9_])`;
  return new RegExp(
    String.raw`(?<![A-Za-z0-9_])[${first}${first.toUpperCase()}]${rest}${ending}|(?<=[a-z])${first.toUpperCase()}${rest}${ending}`,
  );
}

type Finder = { word: Word; find: (file: HouseFile) => Violation[] };

const phrases = words.map(phraseFinder);
const names = wordsInCode.map(nameFinder);
