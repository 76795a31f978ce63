import { posix } from "node:path";
import { readTestTitles } from "../test-titles.ts";
import { checkDecisionIndex, decisionsOf } from "./decision-index.ts";
import { readIds, idsIn, type Id } from "./ids.ts";
import { hasSection, readMarkdown, type Markdown } from "./markdown.ts";
import { lineAt } from "./syntax.ts";
import { isTest, type HouseFile, type Violation } from "./tree.ts";

/**
 * Every citation leads somewhere: pages with their sections, links, decisions, paths in Markdown, and the ids that
 * docs/reference/ids.md explains. A rule about the whole tree, because a citation and its target are two files.
 */
export function checkCitations(files: readonly HouseFile[]): Violation[] {
  const library = readLibrary(files);
  return [...files.flatMap((file) => checkFile(file, library)), ...checkDecisionIndex(files)];
}

type Library = {
  paths: ReadonlySet<string>;
  pages: ReadonlyMap<string, Markdown>;
  ids: ReadonlySet<Id>;
  decisions: ReadonlySet<string>;
};

/** Text in which people are pointed somewhere, and the line at which it begins. */
type Passage = { text: string; line: number };

function readLibrary(files: readonly HouseFile[]): Library {
  const pages = files.filter(({ path }) => path.endsWith(".md")).map(({ path, text }) => [path, text] as const);
  return {
    paths: new Set(files.flatMap(({ path }) => [path, ...foldersOf(path)])),
    pages: new Map(pages.map(([path, text]) => [path, readMarkdown(text)])),
    ids: readIds(pages),
    decisions: decisionsOf(files),
  };
}

function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

function checkFile(file: HouseFile, library: Library): Violation[] {
  const page = library.pages.get(file.path);
  const passages = page === undefined ? passagesOf(file) : page.passages;
  const found = passages.flatMap(({ text, line }) =>
    problemsIn(text, file.path, library).map((message) => ({ path: file.path, line, message })),
  );
  if (page === undefined) return found;
  const links = page.links.flatMap(({ target, line }) => {
    const message = problemOfLink(file.path, target, library);
    return message === undefined ? [] : [{ path: file.path, line, message }];
  });
  return [...found, ...links, ...pathProblems(file.path, page, library)];
}

/** Comments of TypeScript and SQL, and the titles of tests. */
function passagesOf({ path, text, syntax }: HouseFile): Passage[] {
  if (path.endsWith(".sql"))
    return [...text.matchAll(/--.*/g)].map((found) => ({ text: found[0], line: lineAt(text, found.index) }));
  if (syntax === undefined) return [];
  const comments = syntax.comments.map(({ value, start }) => ({
    text: value.replace(/\n\s*\*?\s?/g, " "),
    line: lineAt(text, start),
  }));
  const titles = isTest(path)
    ? readTestTitles(path, syntax).map(({ title }) => ({ text: title, line: lineAt(text, text.indexOf(title)) }))
    : [];
  return [...comments, ...titles];
}

const section = String.raw`(?:§\d+(?:\.\d+)*|[AB]\d+(?:\.\d+)?|[RC]-\d{2})`;
const citedPage = new RegExp(
  String.raw`(?<![\w/@{}*.-])((?:\.{0,2}/)?(?:[\w-]+/)*[\w.-]*\w\.md)\b(?:#([\w-]+)|,? (${section}(?:(?:, | and |, and )${section})*))?`,
  "g",
);
const citedDecision = /\bdecisions?(?: |\/)(\d{4})\b/g;

function problemsIn(text: string, path: string, library: Library): string[] {
  const problems: string[] = [];
  for (const [, target = "", anchor, sections] of text.matchAll(citedPage)) {
    const wanted = anchor === undefined ? (sections?.split(/, and |, | and /) ?? []) : [`#${anchor}`];
    const problem = problemOfPage(path, target, wanted, library);
    if (problem !== undefined) problems.push(problem);
  }
  for (const [, number = ""] of text.matchAll(citedDecision))
    if (!library.decisions.has(number)) problems.push(`cites decision ${number}, which does not exist`);
  for (const id of idsIn(text))
    if (!library.ids.has(id)) problems.push(`uses the id ${id}, which docs/reference/ids.md does not explain`);
  return problems;
}

/** A page is looked for beside the file that cites it, then where pages are kept. */
const shelves = ["", "docs/", "docs/reference/", "docs/decisions/"];

function problemOfPage(from: string, target: string, wanted: readonly string[], library: Library): string | undefined {
  const beside = posix.normalize(posix.join(posix.dirname(from), target));
  const candidates = [beside, ...shelves.map((shelf) => posix.normalize(shelf + target))];
  const pages = candidates.flatMap((candidate) => library.pages.get(candidate) ?? []);
  if (pages.length === 0) return `cites ${target}, which does not exist`;
  const missing = wanted.find((one) => !pages.some((page) => hasSection(page, one)));
  return missing === undefined ? undefined : `cites ${target} ${missing}, which that page does not have`;
}

function problemOfLink(from: string, target: string, library: Library): string | undefined {
  if (/^[a-z][a-z+.-]*:/.test(target) || /\.(?:png|jpg|ico|html)$/.test(target)) return undefined;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, "");
  if (!library.paths.has(path)) return `links to ${file}, which does not exist`;
  const page = library.pages.get(path);
  const isBroken = anchor !== undefined && page !== undefined && !hasSection(page, `#${anchor}`);
  return isBroken ? `links to ${target}, and that page has no such heading` : undefined;
}

/** In `code` of a page, a path to a source file; the beginning of the path may be left out. */
function pathProblems(from: string, page: Markdown, { paths }: Library): Violation[] {
  if (from.startsWith("docs/api/") || from === "CHANGELOG.md") return [];
  return page.codes
    .filter(({ text }) => /^(?:[\w.-]+\/)+[\w.-]+\.(?:ts|sql)$/.test(text) && !text.startsWith("./"))
    .filter(({ text }) => ![...paths].some((path) => path === text || path.endsWith(`/${text}`)))
    .map(({ text, line }) => ({ path: from, line, message: `names ${text}, which does not exist` }));
}
