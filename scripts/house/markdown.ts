/** What the citation check needs to know of a page. `codes` are pieces of inline code. */
export type Markdown = {
  anchors: ReadonlySet<string>;
  sections: ReadonlySet<string>;
  links: readonly { target: string; line: number }[];
  codes: readonly { text: string; line: number }[];
  passages: readonly { text: string; line: number }[];
};

export function readMarkdown(text: string): Markdown {
  const lines = withoutFences(text.split("\n"));
  const headings = lines.flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.[1] ?? []);
  const onLines = <T>(read: (line: string) => T[]) =>
    lines.flatMap((line, at) => read(line).map((one) => [one, at + 1] as const));
  return {
    anchors: anchorsOf(headings),
    sections: new Set([...headings.flatMap(sectionOfHeading), ...lines.flatMap(sectionOfRow)]),
    links: onLines(linksIn).map(([target, line]) => ({ target, line })),
    codes: onLines(codesIn).map(([code, line]) => ({ text: code, line })),
    passages: paragraphsOf(lines),
  };
}

/** `wanted` is `#anchor`, or a section as comments cite it: `§2.4`, `A7`, `B3.5`, `R-22`. */
export const hasSection = (page: Markdown, wanted: string): boolean =>
  wanted.startsWith("#") ? page.anchors.has(wanted.slice(1)) : page.sections.has(wanted);

/** Code blocks are examples; their lines become empty, so that line numbers stay. */
function withoutFences(lines: readonly string[]): string[] {
  let isInside = false;
  return lines.map((line) => {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) isInside = !isInside;
    return isFence || isInside ? "" : line;
  });
}

/** As GitHub makes them: lower case, without punctuation, hyphens for blanks, numbered where repeated. */
function anchorsOf(headings: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");
    const anchor = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
    let unique = anchor;
    for (let again = 1; anchors.has(unique); again++) unique = `${anchor}-${again}`;
    anchors.add(unique);
  }
  return anchors;
}

/** `## A7. States`, `### §2.4 Refresh`, `## 12. Dependencies`. */
function sectionOfHeading(heading: string): string[] {
  const [, sign, number, id] = /^(?:(§?)(\d+(?:\.\d+)*)|([AB]\d+(?:\.\d+)?))(?=[.\s])/.exec(heading) ?? [];
  if (id !== undefined) return [id];
  return number === undefined || (sign === "" && !heading.startsWith(`${number}.`)) ? [] : [`§${number}`];
}
const sectionOfRow = (line: string): string[] => /^\| ([A-Z]{1,2}-\d{2}|[IS]\d{1,2}) \|/.exec(line)?.slice(1) ?? [];

const linksIn = (line: string): string[] =>
  [...withoutCode(line).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
const codesIn = (line: string): string[] => [...line.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
const withoutCode = (line: string): string => line.replace(/`[^`]*`/g, "``");

/** Paragraphs in one line each, without the targets of links, which are checked as links. */
function paragraphsOf(lines: readonly string[]): { text: string; line: number }[] {
  const paragraphs: { text: string; line: number }[] = [];
  let isOpen = false;
  lines.forEach((line, at) => {
    const text = line.replace(/\]\([^()\s]*\)/g, "]");
    if (isOpen && text !== "" && !/^(?:\||#|- |\d+\. )/.test(text)) paragraphs.at(-1)!.text += ` ${text}`;
    else paragraphs.push({ text, line: at + 1 });
    isOpen = text !== "";
  });
  return paragraphs.filter(({ text }) => text !== "");
}
