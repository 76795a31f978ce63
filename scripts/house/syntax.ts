import { parseSync, Visitor, type Comment, type Node, type ParseResult, type VisitorObject } from "oxc-parser";

/**
 * A TypeScript file as the parser reads it. The tree is expensive: ask for it only where the text gives a reason to.
 */
export class Syntax {
  readonly #path: string;
  readonly #text: string;
  #parsed: ParseResult | undefined;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  get #result(): ParseResult {
    return (this.#parsed ??= parseSync(this.#path, this.#text));
  }

  get errors(): readonly string[] {
    return this.#result.errors.map(({ message }) => message);
  }

  get comments(): readonly Comment[] {
    return this.#result.comments;
  }

  /** What the file imports or re-exports, by `import`, `export … from` and `import("…")`; types included. */
  get specifiers(): readonly Specifier[] {
    const { staticImports, staticExports, dynamicImports } = this.#result.module;
    return [
      ...staticImports.map(({ moduleRequest }) => moduleRequest),
      ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
      ...dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
        const written = this.#text.slice(start, end);
        return /^["'`]/.test(written) ? [{ value: written.slice(1, -1), start }] : [];
      }),
      ...this.#specifiersInCalls(),
    ];
  }

  /** `vi.mock("…")`, `import.meta.resolve("…")`, `require("…")` and the type `import("…").T`. */
  #specifiersInCalls(): Specifier[] {
    if (!/\bvi\.|\bimport\.meta\.resolve|\brequire\(|\bimport\(/.test(this.#text)) return [];
    const found: Specifier[] = [];
    this.visit({
      CallExpression: ({ callee, arguments: [first] }) => {
        const isModule = /^(?:vi\.\w*[mM]ock\w*|import\.meta\.resolve|require)$/.test(
          this.#text.slice(callee.start, callee.end),
        );
        if (isModule && first?.type === "Literal" && typeof first.value === "string")
          found.push({ value: first.value, start: first.start });
      },
      TSImportType: ({ source }) => void found.push({ value: source.value, start: source.start }),
    });
    return found;
  }

  /** Calls the visitor for every node of the tree, in the order of the source. */
  visit(visitor: VisitorObject): void {
    new Visitor(visitor).visit(this.#result.program);
  }

  /** Strings and templates, in the order of the source. */
  get strings(): readonly SourceString[] {
    const found: SourceString[] = [];
    const keep = (node: Node): void => {
      const string = readString(node);
      if (string !== undefined) found.push(string);
    };
    this.visit({
      Literal: keep,
      TemplateLiteral: keep,
    });
    return found;
  }

  lineAt(index: number): number {
    return lineAt(this.#text, index);
  }
}

/** A string or template; a substitution is written `${}` in its text. */
export type SourceString = { text: string; start: number; substitutions: number };

/** The node as a string or template; undefined if it is another node. */
export function readString(node: Node): SourceString | undefined {
  if (node.type === "Literal")
    return typeof node.value === "string" ? { text: node.value, start: node.start, substitutions: 0 } : undefined;
  if (node.type !== "TemplateLiteral") return undefined;
  const text = node.quasis.map(({ value }) => value.cooked ?? value.raw).join("${}");
  return { text, start: node.start, substitutions: node.expressions.length };
}

export type Specifier = { value: string; start: number };

/** Lines count from one. */
export const lineAt = (text: string, index: number): number => text.slice(0, Math.max(0, index)).split("\n").length;
