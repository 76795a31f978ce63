import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKey } from "@symbolon/client/keeper";
import { directoryOf, keyOf } from "../src/files/names.ts";

describe("the directory name of a key", () => {
  const letters = fc.constantFrom(..."abcxyzABCXYZ0189_-.");
  const keys = fc.string({ unit: letters, minLength: 1, maxLength: 200 }).filter(isKey);

  test("maps back to the key, fits in 255 characters, and differs for different keys on file systems that ignore case", () => {
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        expect(keyOf(directoryOf(one))).toBe(one);
        expect(directoryOf(one).length).toBeLessThanOrEqual(255);
        expect(directoryOf(one).toLowerCase() === directoryOf(other).toLowerCase()).toBe(one === other);
      }),
    );
    expect(directoryOf("g.Key")).toBe("g.key~20");
    expect(new Set(["Ab", "aB", "AB", "ab"].map((key) => directoryOf(key).toLowerCase())).size).toBe(4);
    expect(directoryOf("X".repeat(200))).toHaveLength(251);
  });

  test.each(["Key", "key~", "key~0", "key~zz", "key~80~80", ".draft-0011223344556677", "a b"])(
    "%j is not the directory of any key",
    (name) => {
      expect(keyOf(name)).toBeUndefined();
    },
  );
});
