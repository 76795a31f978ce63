import { describe, expect, test } from "vitest";
import { encodeBase64Url } from "@symbolon/protocol";
import { memoryPlace, memoryStore } from "./memory-store.ts";
import { errorOf } from "./testing/errors.ts";
import { openVault, wrappingKey, type Keys } from "./vault.ts";

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const first = wrappingKey("2026", bytes(1));
const second = wrappingKey("2027", bytes(2));
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

function setUp(keys: Keys = { current: first }) {
  const place = memoryPlace();
  const store = memoryStore(place);
  const open = (others: Keys = keys) => openVault(store, others, random);
  const set = (key: string, value: string): void => void place.entries.set(key, { revision: ++place.revision, value });
  const wrapped = (key: string) => JSON.parse(place.entries.get(key)!.value) as Record<string, string>;
  const names = (): string[] => [...place.entries.keys()].sort();
  return { place, store, open, set, wrapped, names, vault: open() };
}

describe("refresh-tokens.md B4: data keys", () => {
  test("the first seal creates one, and the following ones use it", async () => {
    const { vault, names, open } = setUp();
    const sealed = [await vault.seal("a", "b"), await vault.seal("a", "b"), await open().seal("a", "b")];
    expect(sealed.map((one) => one.split(".")[0])).toEqual(["1", "1", "1"]);
    expect(names()).toEqual(["k.1"]);
  });

  test("the newest seals, and every one opens", async () => {
    const { vault, open, names } = setUp();
    const texts = [await vault.seal("0", "b")];
    for (let times = 1; times <= 10; times++) {
      await vault.rekey();
      texts.push(await vault.seal(`${times}`, "b"));
    }
    expect(names()).toHaveLength(11);
    const fresh = open();
    expect((await fresh.seal("11", "b")).split(".")[0]).toBe("11");
    for (const [index, text] of texts.entries()) expect(await fresh.open(text, "b")).toBe(`${index}`);
  });

  test("other entries beside them are no data keys", async () => {
    const { set, vault } = setUp();
    set("k.9x", "x");
    set("k.x9", "x");
    expect((await vault.seal("a", "b")).split(".")[0]).toBe("1");
  });

  test.each(["<html>", "{}", '{"by":"2026","key":"a b","check":"c"}'])(
    "the next number is created where the newest is damaged (%s)",
    async (value) => {
      const { set, vault, names, place } = setUp();
      set("k.3", value);
      expect((await vault.seal("a", "b")).split(".")[0]).toBe("4");
      expect(names()).toEqual(["k.3", "k.4"]);
      expect(place.entries.get("k.3")!.value).toBe(value);
    },
  );

  test("an older one that is damaged creates none", async () => {
    const { set, vault, open, names } = setUp();
    await vault.seal("a", "b");
    await vault.rekey();
    set("k.1", "<html>");
    expect((await open().seal("a", "b")).split(".")[0]).toBe("2");
    expect(names()).toEqual(["k.1", "k.2"]);
  });

  test("a store that does not answer is asked again at the next call", async () => {
    const { store, vault, open } = setUp();
    const { read, entries } = store;
    store.entries = () => {
      throw new Error("down");
    };
    await expect(vault.seal("a", "b")).rejects.toThrow("down");
    store.entries = entries;
    const sealed = await vault.seal("a", "b");
    const fresh = open();
    store.read = () => Promise.reject(new Error("down"));
    await expect(fresh.open(sealed, "b")).rejects.toThrow("down");
    store.read = read;
    expect(await fresh.open(sealed, "b")).toBe("a");
  });

  test("says which one is missing or damaged, and that its seals are not", async () => {
    const { vault, set, place, open } = setUp();
    const sealed = await vault.seal("a", "b");
    const whole = place.entries.get("k.1")!.value;
    for (const damage of [() => set("k.1", "<html>"), () => place.entries.delete("k.1")]) {
      damage();
      const error = await errorOf(open().open(sealed, "b"));
      expect(error).toMatchObject({
        code: "unreadable",
        message: expect.stringContaining("k.1, is missing or damaged"),
      });
      expect(error.field).toBeUndefined();
    }
    set("k.1", whole);
    expect(await open().open(sealed, "b")).toBe("a");
  });

  test.each(["key", "check"])("one whose %s is another's is said to be wrapped by another key", async (part) => {
    const { vault, set, wrapped, open } = setUp();
    const sealed = await vault.seal("a", "b");
    const other = setUp();
    await other.vault.seal("a", "b");
    set("k.1", JSON.stringify({ ...wrapped("k.1"), [part]: other.wrapped("k.1")[part] }));
    expect((await errorOf(open().open(sealed, "b"))).message).toContain("2026 is another key now");
  });

  test("one whose text is no base64 is damaged", async () => {
    const { vault, set, wrapped, open } = setUp();
    const sealed = await vault.seal("a", "b");
    set("k.1", JSON.stringify({ ...wrapped("k.1"), key: "a" }));
    expect(await errorOf(open().open(sealed, "b"))).toMatchObject({ code: "unreadable" });
  });
});

describe("refresh-tokens.md B4: a sealed text", () => {
  test("is the number of its data key, a nonce of 96 bits, and the text with its tag", async () => {
    const { vault } = setUp();
    const [name, body] = (await vault.seal("four", "b")).split(".");
    expect(name).toBe("1");
    expect(body).toHaveLength(encodeBase64Url(new Uint8Array(12 + 4 + 16)).length);
  });

  test.each(["", "1", "1.", ".AAAA", "x.AAAA", "1.?", "1.AAAA"])("%j is damaged: its field is 'seal'", async (text) => {
    const { vault } = setUp();
    await vault.seal("a", "b");
    expect(await errorOf(vault.open(text, "b"))).toMatchObject({ code: "unreadable", field: "seal" });
  });

  test("is bound to what it was sealed with, and to the number of its data key", async () => {
    const { vault, set, place } = setUp();
    const sealed = await vault.seal("a", "b");
    expect(await errorOf(vault.open(sealed, "c"))).toMatchObject({ field: "seal" });
    set("k.2", place.entries.get("k.1")!.value);
    expect(await errorOf(vault.open(`2${sealed.slice(1)}`, "b"))).toMatchObject({ field: "seal" });
  });

  test("ST-01: a tag is the SHA-256 of its text", async () => {
    expect(await setUp().vault.tag("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
  });
});

describe("C-12: rekey()", () => {
  test("wraps what another key wrapped, leaves the rest as it is, and adds a data key", async () => {
    const { vault, open, place, wrapped, names } = setUp();
    const sealed = await vault.seal("a", "b");
    const both = { current: second, others: [first] };
    await open(both).rekey();
    expect(names()).toEqual(["k.1", "k.2"]);
    expect(["k.1", "k.2"].map((key) => wrapped(key)["by"])).toEqual(["2027", "2027"]);
    const before = place.entries.get("k.1");
    await open(both).rekey();
    expect(place.entries.get("k.1")).toBe(before);
    expect(names()).toEqual(["k.1", "k.2", "k.3"]);
    expect(await open({ current: second }).open(sealed, "b")).toBe("a");
  });

  test("names every damaged data key after the others are done", async () => {
    const { vault, open, set, place, wrapped } = setUp();
    for (let times = 0; times < 3; times++) {
      await vault.seal("a", "b");
      await vault.rekey();
    }
    set("k.1", "<html>");
    set("k.3", "<html>");
    const error = await errorOf(open({ current: second, others: [first] }).rekey());
    expect(error).toMatchObject({ code: "unreadable", message: expect.stringContaining("not k.1, k.3, damaged") });
    expect(["k.2", "k.4", "k.5"].map((key) => wrapped(key)["by"])).toEqual(["2027", "2027", "2027"]);
    expect(["k.1", "k.3"].map((key) => place.entries.get(key)!.value)).toEqual(["<html>", "<html>"]);
  });

  test("seals with the new data key from then on", async () => {
    const { vault } = setUp();
    await vault.seal("a", "b");
    await vault.rekey();
    expect((await vault.seal("a", "b")).split(".")[0]).toBe("2");
  });
});

test("a wrapped data key is bound to the name of its wrapping key", async () => {
  const wrapped = await first.wrap(bytes(9));
  expect(await first.unwrap(wrapped)).toEqual(bytes(9));
  await expect(wrappingKey("2028", bytes(1)).unwrap(wrapped)).rejects.toThrow(/operation/);
});
