import { expect, test } from "vitest";
import { ranOn, withRecord } from "./record.ts";

const page = "before\n<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nkept\n<!-- /b -->\n";

test("replaces only the record of the last run, and rejects a page without a place for it", () => {
  expect(withRecord(page, "a", "new $& line")).toBe(page.replace("old", () => "new $& line"));
  expect(() => withRecord(page, "c", "new")).toThrow("no place for c");
});

test("names the commit", () =>
  expect(ranOn()).toMatch(/^commit [0-9a-f]{7,}(?: with changes)?, \d{4}-\d\d-\d\d, Node \d+\.\d+\.\d+, \d+ cores$/));
