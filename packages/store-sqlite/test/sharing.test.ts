import { describe, expect, test } from "vitest";
import { deepFreeze, sharing } from "../src/sharing.ts";

const readList = () => sharing((text) => JSON.parse(text) as { scope: string[] }[]);
const isFrozenThroughout = (list: { scope: string[] }[]): boolean =>
  [list, list[0], list[0]!.scope].every((part) => Object.isFrozen(part));

describe("lists that rows share", () => {
  test("are frozen at every level, so that no reader changes what another one gets", () => {
    expect(isFrozenThroughout(readList()('[{"scope":["a"]}]'))).toBe(true);
  });

  test("are frozen also where the text is too long to be remembered", () => {
    const text = JSON.stringify([{ scope: ["a".repeat(1000)] }]);
    const read = readList();
    expect(isFrozenThroughout(read(text))).toBe(true);
    expect(read(text)).not.toBe(read(text));
  });

  test("are one object for equal texts, of which a thousand are remembered", () => {
    const read = readList();
    const first = read("[]");
    expect(read("[]")).toBe(first);
    for (let number = 0; number < 1000; number++) read(`[${number}]`);
    expect(read("[]")).not.toBe(first);
  });
});

describe("deepFreeze", () => {
  test("freezes an object, its lists and their members, and leaves bytes writable", () => {
    const digest = new Uint8Array(2);
    const value = deepFreeze({ list: [{ name: "a" }], digest, none: null });
    for (const part of [value, value.list, value.list[0]]) expect(Object.isFrozen(part)).toBe(true);
    digest[0] = 1;
    expect(value.digest[0]).toBe(1);
  });
});
