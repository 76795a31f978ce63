import { parseSync, type Node } from "oxc-parser";
import { mutationsOf, type Mutation } from "./operators.ts";

/** One change to one file. `line` is trimmed: with `from` and `to` it names the mutant while lines around it change. */
export type Mutant = { id: number; file: string; line: string; lineNumber: number; from: string; to: string };

export type Instrumented = { code: string; mutants: Mutant[] };

type Placed = Mutation & { id: number };

const isTypeOnly = /^TS(?!(?:As|NonNull|Satisfies)Expression|ParameterProperty)/;
const keepsLiteral = new Set<Node["type"]>(["ImportDeclaration", "ExportAllDeclaration", "ImportExpression"]);

/** All mutants of a file in one text: `$mutant(id)` is true for the one that is tried. No line moves. */
export function instrument(file: string, text: string, firstId: number): Instrumented {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const placed: Placed[] = [];
  const visit = (node: Node, parent: Node | undefined, isInChain: boolean): void => {
    if (isTypeOnly.test(node.type) || keepsLiteral.has(node.type)) return;
    const chain = node.type === "ChainExpression" || (isInChain && isLink(node));
    for (const mutation of mutationsOf(node, text, parent, isInChain))
      placed.push({ ...mutation, id: firstId + placed.length });
    for (const child of childrenOf(node)) visit(child, node, chain);
  };
  for (const child of childrenOf(program as Node)) visit(child, undefined, false);
  const mutants = placed.map((mutation) => describe(file, text, mutation));
  return { code: `${prelude} ${render(text, placed)}`, mutants };
}

const isLink = ({ type }: Node): boolean =>
  type === "MemberExpression" || type === "CallExpression" || type === "TSNonNullExpression";

/** Names of properties and what an export or import names are no expressions. */
function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) => {
    if (name === "parent" || (name === "source" && !("callee" in node))) return [];
    if (name === "key" && "computed" in node && !node.computed) return [];
    if (node.type === "ExpressionStatement" && "directive" in node && node.directive) return [];
    return [value].flat().filter(isNode);
  });
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

/** Outer mutations first; each keeps the mutations inside it for when it is not the one that is tried. */
function render(text: string, placed: readonly Placed[]): string {
  const sorted = placed.toSorted((a, b) => a.start - b.start || b.end - a.end || a.id - b.id);
  let next = 0;
  const renderSpan = (start: number, end: number): string => {
    let code = "";
    let at = start;
    while (next < sorted.length && sorted[next]!.start < end) {
      const { start: from, end: to, statement } = sorted[next]!;
      const same: Placed[] = [];
      while (next < sorted.length && sorted[next]!.start === from && sorted[next]!.end === to)
        same.push(sorted[next++]!);
      code += text.slice(at, from) + wrap(same, statement, renderSpan(from, to));
      at = to;
    }
    return code + text.slice(at, end);
  };
  return renderSpan(0, text.length);
}

function wrap(same: readonly Placed[], statement: Placed["statement"], original: string): string {
  const [{ id }] = same as [Placed];
  if (statement === "block") return `{if($mutant(${id})){}else${original}}`;
  if (statement === "line") return `{if(!$mutant(${id})){${original}}}`;
  return `(${same.map(({ id: one, text }) => `$mutant(${one})?(${text}):`).join("")}(${original}))`;
}

function describe(file: string, text: string, { id, start, end, text: to }: Placed): Mutant {
  const lineNumber = text.slice(0, start).split("\n").length;
  const line = text.split("\n")[lineNumber - 1]!.trim();
  return { id, file, line, lineNumber, from: shorten(text.slice(start, end)), to: shorten(to) };
}

const shorten = (text: string): string => {
  const flat = text.replace(/\s+/g, " ");
  return flat.length <= 100 ? flat : `${flat.slice(0, 70)} … ${flat.slice(-25)}`;
};

/**
 * `$mutants.tried` is the mutant that is tried (in-worker.ts); where it is none, the reached mutants are noted.
 * A mutant that turns in a circle is stopped by an error.
 */
const prelude = `const $mutant = (globalThis.$mutant ??= (() => {
  const mutants = globalThis.$mutants;
  return (id) => {
    if (mutants.tried === -1) mutants.seen.add(id);
    if (id !== mutants.tried) return false;
    if (++mutants.hits > 1e6) throw new Error("the mutant turns in a circle");
    return true;
  };
})());`.replace(/\s+/g, " ");
