import { describe, expect, test } from "vitest";
import type { ContractStage } from "./stage-contract.ts";

/** Which keys and values are allowed. */
export function describeKeysAndValues(stage: ContractStage): void {
  describe("keys and values", () => {
    test("accepts the longest key", async () => {
      const key = `g.${"x".repeat(198)}`;
      await stage.store.write(key, 0, "long");
      expect((await stage.store.read(key))?.value).toBe("long");
      expect(await stage.keysOf("g.")).toEqual([key]);
    });

    test.each(["", ".", "..", ".hidden", "../up", "a/b", "a\\b", "a b", "a\0", "ä", "a%2e", "x".repeat(201)])(
      "rejects %j as a key and stores nothing",
      async (key) => {
        await expect(stage.store.read(key)).rejects.toThrow(TypeError);
        await expect(stage.store.write(key, 0, "x")).rejects.toThrow(TypeError);
        await expect(stage.store.remove(key, 1)).rejects.toThrow(TypeError);
        expect(await stage.list("")).toEqual([]);
      },
    );

    test.each(["CON", "nul", "-rf", "_", "__proto__", "constructor"])("accepts %j as a key", async (key) => {
      const revision = await stage.store.write(key, 0, "fine");
      expect(await stage.store.read(key)).toEqual({ revision, value: "fine" });
      expect(await stage.keysOf("")).toEqual([key]);
    });

    test.each([
      ["no characters", ""],
      ["quotes and line ends", `"'\`\r\n\t\\ '); --`],
      ["UTF-8 characters of every length", "aä€𝄞 \u{10ffff}"],
      ["a quarter of a megabyte", "0123456789abcdef".repeat(16384)],
    ])("returns a value of %s unchanged", async (_, value) => {
      await stage.store.write("g.1", 0, value);
      expect((await stage.store.read("g.1"))?.value).toBe(value);
      expect((await stage.list(""))[0]?.value).toBe(value);
    });
  });
}
