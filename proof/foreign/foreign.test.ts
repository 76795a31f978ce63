import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { interopTables, readRecords } from "./interop-page.ts";
import { languages } from "./languages.ts";
import { readRows } from "./record.ts";

describe("docs/interop.md", () => {
  test("is made from the records of the last runs", () => {
    expect(readFileSync(new URL("../../docs/interop.md", import.meta.url), "utf8")).toContain(
      interopTables(readRecords()),
    );
  });

  test.each(languages.map(({ name }) => name))("has a record of the clients in %s, and each step works", (name) => {
    const found = readRecords().find(({ language }) => language === name);
    expect(found?.rows.filter(({ outcome }) => outcome === "fails")).toEqual([]);
    expect(found?.rows.length).toBeGreaterThan(10);
  });

  test("names a step that failed, with the client's own error", () => {
    const row = {
      client: "a|b",
      version: "1",
      server: "symbolon",
      step: "redeem",
      outcome: "fails",
      detail: "no",
    } as const;
    const [read] = readRows(`a line that is no row\n${JSON.stringify(row)}\n`);
    expect(read).toEqual(row);
    expect(interopTables([{ language: "C", date: "2026-01-01", rows: [row] }])).toContain(
      "| a\\|b 1 | symbolon |  | redeem: no |",
    );
  });
});
