import { describe, expect, test } from "vitest";
import { checkImportCircles } from "./import-circles.ts";
import { houseFile } from "./tree.ts";

const problems = (files: Record<string, string>): string[] =>
  checkImportCircles(Object.entries(files).map(([path, text]) => houseFile(path, text))).map(({ message }) => message);

describe("import circles", () => {
  test("reports two files that import each other, once, types included", () =>
    expect(problems({ "x/a.ts": `import { b } from "./b.ts";`, "x/b.ts": `import type { A } from "./a.ts";` })).toEqual(
      [expect.stringContaining("x/a.ts -> x/b.ts -> x/a.ts")],
    ));

  test("reports a circle of three through folders and re-exports", () =>
    expect(
      problems({
        "x/a.ts": `export * from "./y/b.ts";`,
        "x/y/b.ts": `export { c } from "../c.ts";`,
        "x/c.ts": `type A = import("./a.ts").A;`,
      }),
    ).toEqual([expect.stringContaining("x/a.ts -> x/y/b.ts -> x/c.ts -> x/a.ts")]));

  test("accepts two ways to one file, and files that import a circle", () =>
    expect(
      problems({ "a.ts": `import "./b.ts"; import "./c.ts";`, "b.ts": `import "./c.ts";`, "c.ts": `export {};` }),
    ).toEqual([]));
});
