import type { HouseFile, Violation } from "./tree.ts";

const index = "docs/decisions/README.md";

/** The numbers of the decisions that have a page. */
export const decisionsOf = (files: readonly HouseFile[]): Set<string> =>
  new Set(files.flatMap(({ path }) => /^docs\/decisions\/(\d{4})-[^/]*\.md$/.exec(path)?.[1] ?? []));

type Row = { number: string; title: string | undefined; file: string | undefined; line: number };

/** docs/decisions/README.md has a row for each number from 0001 on, with the title that the page has. */
export function checkDecisionIndex(files: readonly HouseFile[]): Violation[] {
  const pages = files.filter(({ path }) => /^docs\/decisions\/\d{4}-[^/]*\.md$/.test(path));
  const page = files.find(({ path }) => path === index);
  if (page === undefined) return pages.length === 0 ? [] : [{ path: index, line: 0, message: "is missing" }];
  const rows = readRows(page.text);
  const breach = (line: number, message: string): Violation => ({ path: index, line, message });
  return [
    ...rows.flatMap(({ number, line }, at) =>
      Number(number) === at + 1 ? [] : [breach(line, `has ${number} where ${String(at + 1).padStart(4, "0")} belongs`)],
    ),
    ...rows.flatMap((row) => {
      const target = pages.find(({ path }) => path.startsWith(`docs/decisions/${row.number}-`));
      if (target === undefined) return row.file === undefined ? [] : [breach(row.line, `${row.number} has no page`)];
      if (target.path !== `docs/decisions/${row.file}`) return [breach(row.line, `does not link to ${target.path}`)];
      const title = titleOf(target.text);
      return row.title === title ? [] : [breach(row.line, `has another title than the page: "${title}"`)];
    }),
    ...pages
      .filter(({ path }) => !rows.some(({ number }) => path.startsWith(`docs/decisions/${number}-`)))
      .map(({ path }) => breach(0, `does not list ${path}`)),
  ];
}

function readRows(text: string): Row[] {
  return text.split("\n").flatMap((line, at) => {
    const [, number, cell] = /^\| (\d{4}) \| (.*?) \|/.exec(line) ?? [];
    if (number === undefined || cell === undefined) return [];
    const [, title, file] = /^\[(.*)\]\(([^)]*)\)$/.exec(cell) ?? [];
    return [{ number, title, file, line: at + 1 }];
  });
}

const titleOf = (text: string): string => /^# \d{4}:? (.*)$/m.exec(text)?.[1] ?? "";
