import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Syntax } from "../../scripts/house/syntax.ts";
import { readTestTitles } from "../../scripts/test-titles.ts";

const docs = join(import.meta.dirname, "../../docs");

/** The rows of docs/faults.md: the id, and the test files that it links to. */
const rows = readFileSync(join(docs, "faults.md"), "utf8")
  .split("\n")
  .flatMap((line) => {
    const id = /^\| (R-\d\d) \|/.exec(line)?.[1];
    return id === undefined
      ? []
      : [{ id, files: [...line.matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, file]) => file!) }];
  });

test("docs/faults.md names every fault that was promised, each once", () => {
  const promised = [1, 3, 4, 5, 6, 7, 8, 9, 10, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34].map(
    (number) => `R-${String(number).padStart(2, "0")}`,
  );
  const ids = rows.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(expect.arrayContaining(promised));
});

test.each(rows)(
  "$id: every test file that docs/faults.md links to exists and names the fault in a title",
  ({ id, files }) => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const path = join(docs, file);
      expect(existsSync(path), `${file} exists`).toBe(true);
      const titles = readTestTitles(path, new Syntax(path, readFileSync(path, "utf8")));
      expect(
        titles.some(({ title }) => title.includes(id)),
        `${file} names ${id}`,
      ).toBe(true);
    }
  },
);
