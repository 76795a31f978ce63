import type { CallExpression, Node } from "oxc-parser";
import { readString, type Syntax } from "./house/syntax.ts";

/**
 * A place in a test file that names what is tested: the title of a test or of a group that holds tests, or a row of a
 * table.
 */
export type NamedTest = { file: string; title: string };

type Call = { kind: "group" | "test"; title: string; start: number; end: number };

/**
 * Every title in a test file under which at least one test stands, and every row of a table that begins with a clause
 * or an attack id. The title of a group counts for every test in it. Titles are as written, `%s` included.
 */
export function readTestTitles(file: string, syntax: Syntax): NamedTest[] {
  const calls: Call[] = [];
  syntax.visit({
    CallExpression(node) {
      const call = readCall(node);
      if (call !== undefined) calls.push(call);
    },
  });
  const tests = calls.filter(({ kind }) => kind === "test");
  const titles = calls.filter(
    (call) => call.kind === "test" || tests.some((test) => call.start < test.start && test.end <= call.end),
  );
  const rows = tests.length === 0 ? [] : syntax.strings.filter(({ text }) => rowName.test(text));
  const names = new Set([...titles.map(({ title }) => title), ...rows.map(({ text }) => text)]);
  return [...names].map((title) => ({ file, title }));
}

const rowName = /^(?:[A-Z]{2}-\d{2}\b|RFC \d+ |OAuth 2\.1 §).*:/;

/** `test("…"`, `describe.each([…])("…"`, `it.concurrent("…"`; undefined for any other call. */
function readCall({ callee, arguments: [first], start, end }: CallExpression): Call | undefined {
  const title = first === undefined ? undefined : readString(first);
  const name = title === undefined ? undefined : functionName(callee);
  if (title === undefined || name === undefined) return undefined;
  if (name === "test" || name === "it") return { kind: "test", title: title.text, start, end };
  return name === "describe" || name === "suite" ? { kind: "group", title: title.text, start, end } : undefined;
}

function functionName(callee: Node): string | undefined {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type === "MemberExpression") return functionName(callee.object);
  if (callee.type === "CallExpression") return functionName(callee.callee);
  return callee.type === "TaggedTemplateExpression" ? functionName(callee.tag) : undefined;
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
  title.match(/\b(?:AZ|AP|MX|WB|CA|TK|IN|RG|RV|SS|JW|DP|DV|HT|ST|OP|SI|AD|FD)-\d{2}\b/g) ?? [];
