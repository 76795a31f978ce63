import { describe, expect, test } from "vitest";
import { normaliseEmail } from "./email.ts";

describe("WB-14: e-mail addresses are normalised", () => {
  test.each([
    ["Ann@Example.COM", "ann@example.com"],
    [" ann@example.com\n", "ann@example.com"],
    ["ann＠example.com", "ann@example.com"],
    ["ＡＮＮ@example.com", "ann@example.com"],
    ["ann+shop@example.com", "ann+shop@example.com"],
    ["ﬁn@example.com", "fin@example.com"],
  ])("normalises %j to %j", (typed, stored) => expect(normaliseEmail(typed)).toBe(stored));

  test.each([
    "",
    "ann",
    "@example.com",
    "ann@",
    "ann@@example.com",
    "a@b@example.com",
    "ann＠b@example.com",
    "ann @example.com",
    "ann@exam ple.com",
    "ann\0@example.com",
    "ann\u202e@example.com",
    "ann\u200b@example.com",
    `${"a".repeat(243)}@example.com`,
  ])("rejects %j", (typed) => expect(normaliseEmail(typed)).toBeUndefined());

  test("is idempotent", () => {
    for (const typed of ["Ann@Example.COM", "ＡＮＮ＠example.com", "İnci@example.com", "straße@example.com"]) {
      const once = normaliseEmail(typed);
      expect(once).toBeDefined();
      expect(normaliseEmail(once!)).toBe(once);
    }
  });
});
