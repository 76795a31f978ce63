import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, formatScope, parseScope, sameScope } from "./scope.ts";

/** Any text, lone surrogates included. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const name = fc.string({ unit: fc.constantFrom(..."abcXYZ019:/._-!#[]~"), minLength: 1, maxLength: 20 });
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 100 });

describe("RFC 6749 §3.3: access token scope", () => {
  test.each([
    ["no name at all", ""],
    ["a space at the front", " read"],
    ["a space at the end", "read "],
    ["two spaces", "read  write"],
    ["a tab", "read\twrite"],
    ["a line break", "read\nwrite"],
    ["a quote", 'read"'],
    ["a backslash", "read\\"],
    ["a letter beyond ASCII", "réad"],
    ["NUL", "read\0"],
    ["a name of 129 characters", "a".repeat(129)],
  ])("AP-10: %s is scope_malformed", (_, text) =>
    expect(parseScope(text)).toEqual({ ok: false, reason: "scope_malformed", parameter: "scope" }),
  );

  test("AP-10: refuses 101 names, and 10,000", () => {
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `s${at}`).join(" ");
    expect(parseScope(many(100)).ok).toBe(true);
    expect(parseScope(many(101)).ok).toBe(false);
    expect(parseScope(many(10_000)).ok).toBe(false);
  });

  test("reads a well-formed scope name by name, in order", () =>
    fc.assert(
      fc.property(names, (scope) => {
        expect(parseScope(formatScope(scope))).toEqual({ ok: true, value: scope });
      }),
    ));

  test("reads a repeated name once", () => expect(parseScope("b a b")).toEqual({ ok: true, value: ["b", "a"] }));

  test("reads or refuses any text without throwing", () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseScope(text);
        return !read.ok || formatScope(read.value) === [...new Set(text.split(" "))].join(" ");
      }),
    ));

  test("distinguishes upper and lower case", () => {
    expect(covers(["read"], ["Read"])).toBe(false);
    expect(sameScope(["read"], ["READ"])).toBe(false);
  });
});

describe("RFC 6749 §6: covers", () => {
  test("is false if one name is missing", () =>
    fc.assert(
      fc.property(names, name, (granted, more) => covers(granted, [...granted, more]) === granted.includes(more)),
    ));

  test("does not match part of a name", () => expect(covers(["read:all"], ["read"])).toBe(false));

  test("is true for every subset, the empty one included", () =>
    fc.assert(
      fc.property(
        names.chain((granted) => fc.tuple(fc.constant(granted), fc.subarray(granted))),
        ([granted, asked]) => covers(granted, asked),
      ),
    ));

  test("sameScope ignores the order of names, but not a missing name", () => {
    expect(sameScope(["a", "b"], ["b", "a"])).toBe(true);
    expect(sameScope(["a", "b"], ["a"])).toBe(false);
    expect(sameScope(["a"], ["a", "b"])).toBe(false);
  });
});
