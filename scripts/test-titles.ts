import { closingBracket, openingBracket, readSourceText, type Literal } from "./source-text.ts";

/**
 * A place in a test file that names what is tested: the title of a test or of a group that holds tests, or a row of a
 * table.
 */
export type NamedTest = { file: string; title: string };

type Call = { kind: "group" | "test"; title: string; start: number; end: number };

/**
 * Every title in a test file under which at least one test stands, and every row of a table that begins with a clause
 * or an attack id. A group's title counts for all that is inside of it; titles are as written, `%s` included.
 */
export function readTestTitles(file: string, source: string): NamedTest[] {
  const { code, literals } = readSourceText(source);
  const calls = literals.flatMap((literal) => callOf(code, literal) ?? []);
  const tests = calls.filter(({ kind }) => kind === "test");
  const titles = calls.filter(
    (call) => call.kind === "test" || tests.some((test) => call.start < test.start && test.end <= call.end),
  );
  const rows = tests.length === 0 ? [] : literals.filter(({ text }) => rowName.test(text)).map(({ text }) => text);
  const names = new Set([...titles.map(({ title }) => title), ...rows]);
  return [...names].map((title) => ({ file, title }));
}

const rowName = /^(?:[A-Z]{2}-\d{2}\b|RFC \d+ |OAuth 2\.1 §).*:/;

/** The call that has this literal as its title: `test("…"`, `describe.each([…])("…"`, `it.concurrent("…"`. */
function callOf(code: string, literal: Literal): Call | undefined {
  const opening = code.slice(0, literal.start).trimEnd().length - 1;
  if (code[opening] !== "(") return undefined;
  let callee = code.slice(0, opening).trimEnd();
  if (callee.endsWith(")")) callee = code.slice(0, Math.max(0, openingBracket(code, callee.length - 1))).trimEnd();
  const name = /(?:^|[^\w$.])(describe|suite|test|it)(?:\.\w+)*$/.exec(callee.slice(-80))?.[1];
  if (name === undefined) return undefined;
  const kind = name === "test" || name === "it" ? "test" : "group";
  return { kind, title: literal.text, start: literal.start, end: closingBracket(code, opening) };
}

/**
 * The clauses that a title names: `RFC 6749 §4.1.1, §4.1.2.1 and RFC 9700` are three, the last one being a whole
 * document.
 */
export function clausesIn(title: string): string[] {
  const found: string[] = [];
  for (const [, name, sections] of title.matchAll(
    /\b(RFC \d+|OAuth 2\.1)((?:(?: |, | and )(?:§\d+(?:\.\d+)*|Appendix [A-Z]\b))*)/g,
  )) {
    const listed = sections!.match(/§\d+(?:\.\d+)*|Appendix [A-Z]/g) ?? [];
    found.push(...(listed.length === 0 ? [name!] : listed.map((section) => `${name} ${section}`)));
  }
  return found;
}

export const attackIdsIn = (title: string): string[] =>
  title.match(/\b(?:AZ|AP|MX|WB|CA|TK|IN|RG|RV|SS|JW|DP|DV|HT|ST|OP)-\d{2}\b/g) ?? [];
