import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { covers, formatScope, parseScope, sameScope } from "./scope.ts";

/** Any text at all, lone surrogates included. */
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

  test("AP-10: 101 names, and 10,000, are too many", () => {
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `s${at}`).join(" ");
    expect(parseScope(many(100)).ok).toBe(true);
    expect(parseScope(many(101)).ok).toBe(false);
    expect(parseScope(many(10_000)).ok).toBe(false);
  });

  test("a well-formed scope comes back name by name, in its order", () =>
    fc.assert(
      fc.property(names, (scope) => {
        expect(parseScope(formatScope(scope))).toEqual({ ok: true, value: scope });
      }),
    ));

  test("a repeated name counts once", () => expect(parseScope("b a b")).toEqual({ ok: true, value: ["b", "a"] }));

  test("any text is read or refused, never more", () =>
    fc.assert(
      fc.property(anyText, (text) => {
        const read = parseScope(text);
        return !read.ok || formatScope(read.value) === [...new Set(text.split(" "))].join(" ");
      }),
    ));

  test("case counts", () => {
    expect(covers(["read"], ["Read"])).toBe(false);
    expect(sameScope(["read"], ["READ"])).toBe(false);
  });
});

describe("RFC 6749 §6: a scope never grows", () => {
  test("one name too many is not covered", () =>
    fc.assert(
      fc.property(names, name, (granted, more) => covers(granted, [...granted, more]) === granted.includes(more)),
    ));

  test("part of a name is not the name", () => expect(covers(["read:all"], ["read"])).toBe(false));

  test("every part of a scope is covered by it, the empty one too", () =>
    fc.assert(
      fc.property(
        names.chain((granted) => fc.tuple(fc.constant(granted), fc.subarray(granted))),
        ([granted, asked]) => covers(granted, asked),
      ),
    ));

  test("the order of names makes no difference, a missing name does", () => {
    expect(sameScope(["a", "b"], ["b", "a"])).toBe(true);
    expect(sameScope(["a", "b"], ["a"])).toBe(false);
    expect(sameScope(["a"], ["a", "b"])).toBe(false);
  });
});
