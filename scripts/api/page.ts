import { sourceOf } from "../packages/published.ts";
import type { Export, Kind } from "./read-exports.ts";

export type Page = { file: string; title: string; sections: readonly Section[] };
export type Section = { specifier: string; summary: string; exports: readonly Export[] };

/** Where each name is described; a name of two kinds (`tokenInfo`, `TokenInfo`) has two places. */
export type Places = ReadonlyMap<string, { file: string; anchor: string; kind: Kind }>;

const titles: Readonly<Record<Kind, string>> = {
  function: "Functions",
  class: "Classes",
  value: "Values",
  type: "Types",
};

/**
 * The text of one page of the reference: for each entry point what there is, with its docstring, its shape, and where
 * it is written.
 */
export const textOf = ({ file, title, sections }: Page, places: Places): string =>
  [
    `# ${title}`,
    "",
    "Written by `npm run api` from the docstrings; `npm test` fails where it is stale.",
    ...sections.flatMap((section) => ["", ...sectionText(section, file, places)]),
    "",
  ].join("\n");

/** Where two pages describe one name, both link to the first; `first` comes before all others. */
export function placesOf(pages: readonly Page[], first: string): Places {
  const places = new Map<string, { file: string; anchor: string; kind: Kind }>();
  for (const { file, sections } of pages.toSorted(
    (one, other) => Number(other.file === first) - Number(one.file === first),
  )) {
    const anchors = new Map<string, number>();
    for (const { name, kind } of sections.flatMap(({ exports }) => inOrder(exports))) {
      const plain = name.toLowerCase();
      const before = anchors.get(plain) ?? 0;
      anchors.set(plain, before + 1);
      // As the viewers of Markdown make them: the second heading of a name gets a number.
      if (!places.has(name)) places.set(name, { file, anchor: before === 0 ? plain : `${plain}-${before}`, kind });
    }
  }
  return places;
}

const kindsInOrder = Object.keys(titles) as Kind[];
const inOrder = (exports: readonly Export[]): Export[] =>
  exports.toSorted(
    (one, other) =>
      kindsInOrder.indexOf(one.kind) - kindsInOrder.indexOf(other.kind) ||
      compare(one.name.toLowerCase(), other.name.toLowerCase()),
  );
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function sectionText({ specifier, summary, exports }: Section, file: string, places: Places): string[] {
  const sorted = inOrder(exports);
  const groups = kindsInOrder
    .map((kind) => [kind, sorted.filter((one) => one.kind === kind)] as const)
    .filter(([, found]) => found.length > 0);
  return [
    `## \`${specifier}\``,
    "",
    summary,
    "",
    "| | |",
    "|---|---|",
    ...groups.map(
      ([kind, found]) => `| ${titles[kind]} | ${found.map(({ name }) => linkTo(name, file, places)).join(" ")} |`,
    ),
    ...sorted.flatMap((one) => ["", ...entryText(one, file, places)]),
  ];
}

function linkTo(name: string, from: string, places: Places): string {
  const { file, anchor } = places.get(name)!;
  return `[\`${name}\`](${file === from ? "" : file}#${anchor})`;
}

function entryText({ name, doc, declaration, file: source }: Export, file: string, places: Places): string[] {
  const [text, sources] = splitDoc(doc);
  // The compiler writes import("…").Name where a type was inferred.
  const shape = declaration
    .replaceAll(/import\("[^"]*"\)\./g, "")
    .replaceAll(/^ {4,}/gm, (indent) => indent.slice(indent.length / 2));
  const named = new Set(shape.replaceAll(/\/\*[^]*?\*\//g, "").match(/\b[A-Z]\w+\b/g));
  const types = [...named]
    .filter((other) => other !== name && ["type", "class"].includes(places.get(other)?.kind ?? ""))
    .toSorted(compare);
  const path = sourceOf(source);
  return [
    `### ${name}`,
    "",
    ...(text === "" ? [] : [text, ""]),
    "```ts",
    shape,
    "```",
    "",
    [
      ...(types.length === 0 ? [] : [`Types: ${types.map((other) => linkTo(other, file, places)).join(", ")}.`]),
      ...(sources.length === 0 ? [] : [`See ${sources.join("; ")}.`]),
      `Source: [${path.replace(/^\w+\//, "").replace("/src/", "/")}.ts](../../${path}.ts)`,
    ].join(" "),
  ];
}

/** The text of a docstring, and what its `@see` names. */
function splitDoc(doc: string): [text: string, sources: string[]] {
  const [text = "", ...sources] = doc.split(/(?:^|\s)@see\s+/);
  return [text.trim().replaceAll("<", "&lt;"), sources.map((source) => source.trim().replace(/\.$/, ""))];
}
