import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync, type Comment, type ExportNamedDeclaration, type Statement } from "oxc-parser";

/** An export of a package: its name, its docstring, and its declaration as the compiler wrote it. */
export type Export = { name: string; kind: Kind; doc: string; declaration: string; file: string };

export type Kind = "function" | "class" | "value" | "type";

/**
 * `built` is a folder as scripts/packages/build.ts writes it. `entry` and the answered files are those of the sources,
 * relative to it and without their endings.
 */
export function readExports(built: string, entry: string): Export[] {
  const exports = exportsOf(join(built, `${entry.replace("/src/", "/esm/")}.d.ts`), built);
  const seen = new Map<string, Export>();
  // Overloads are one export with several declarations.
  for (const one of exports) {
    const before = seen.get(one.name);
    seen.set(
      one.name,
      before === undefined || before.declaration === one.declaration
        ? one
        : { ...before, declaration: `${before.declaration}\n${one.declaration}` },
    );
  }
  return [...seen.values()];
}

function exportsOf(path: string, built: string): Export[] {
  const text = readFileSync(path, "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const file = relative(built, path)
    .replace(/\.d\.ts$/, "")
    .replace("/esm/", "/src/");
  return program.body.flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration")
      return exportsOf(resolve(statement.source.value, path, built), built);
    if (statement.type !== "ExportNamedDeclaration") return [];
    if (statement.source !== null)
      return selected(statement, exportsOf(resolve(statement.source.value, path, built), built));
    if (statement.declaration === null)
      return selected(
        statement,
        program.body.flatMap((other) => declared(other, text, comments, file)),
      );
    return declared(statement, text, comments, file);
  });
}

/** `export { a, b as c }`, with or without `from`. */
const selected = ({ specifiers }: ExportNamedDeclaration, from: readonly Export[]): Export[] =>
  specifiers.flatMap(({ local, exported }) =>
    from.filter(({ name }) => name === textOf(local)).map((one) => ({ ...one, name: textOf(exported) })),
  );

const textOf = (name: { type: string; name?: string; value?: unknown }): string => name.name ?? String(name.value);

const kinds: Partial<Record<string, Kind>> = {
  TSDeclareFunction: "function",
  ClassDeclaration: "class",
  TSTypeAliasDeclaration: "type",
  TSInterfaceDeclaration: "type",
};

function declared(statement: Statement, text: string, comments: readonly Comment[], file: string): Export[] {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration === null) return [];
  const doc = docBefore(statement.start, text, comments);
  const written = text.slice(declaration.start, statement.end).replace(/^declare /, "");
  if (declaration.type === "VariableDeclaration")
    return declaration.declarations.map(({ id }) => ({
      name: text.slice(id.start, id.end).split(":")[0]!,
      kind: /^const \w+: (?:<.*>)?\(/s.test(written) ? "function" : "value",
      doc,
      declaration: written,
      file,
    }));
  const kind = kinds[declaration.type];
  if (kind === undefined || !("id" in declaration) || declaration.id === null || !("name" in declaration.id)) return [];
  return [{ name: String(declaration.id.name), kind, doc, declaration: written, file }];
}

/** The text of the comment that stands right before, without its stars. */
function docBefore(start: number, text: string, comments: readonly Comment[]): string {
  const comment = comments.find(
    ({ type, end, value }) =>
      type === "Block" && value.startsWith("*") && text.slice(end, start).trim() === "" && end <= start,
  );
  return (comment?.value ?? "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}

function resolve(specifier: string, from: string, built: string): string {
  if (specifier.startsWith(".")) return join(dirname(from), specifier.replace(/\.(?:ts|js)$/, ".d.ts"));
  const name = /^@symbolon\/([^/]+)$/.exec(specifier)?.[1];
  if (name === undefined)
    throw new Error(`${from} exports what is in ${specifier}; only packages of ours are described`);
  return join(built, name, "esm/index.d.ts");
}
