import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKeeper, wrappingKey, type Keeper, type KeeperProvider } from "@symbolon/client/keeper";
import { Sealed } from "@symbolon/protocol";
import { openFilesKeeperStore } from "../src/files/index.ts";

/** Never called: no token in these tests is due for a refresh. */
const provider: KeeperProvider = {
  issuer: "https://provider.example",
  clientId: "client",
  clientGeneration: 1,
  rotation: { kind: "lazy" },
  readsIntent: false,
  deadlineMs: 100,
  refresh: async () => ({ kind: "not_processed", code: "unreachable" }),
};
const consent = (name: string) => ({
  accessToken: new Sealed(`at-${name}`),
  refreshToken: new Sealed(`rt-${name}`),
  lifetimeSeconds: 3600,
});
const keys = { current: wrappingKey("2026", new Uint8Array(32).fill(7)) };

let folder: string;
let directory: string;
/** A keeper as in a new process: nothing is cached. */
const open = async (): Promise<Keeper> =>
  createKeeper({ providers: provider, store: await openFilesKeeperStore({ directory }), keys });
const valuesOf = (key: string): string[] =>
  readdirSync(join(directory, key))
    .filter((name) => name.startsWith("value."))
    .map((name) => join(directory, key, name));
const overwrite = (key: string): void => valuesOf(key).forEach((path) => writeFileSync(path, "damaged"));
const tokenOf = async (id: string): Promise<string> => (await (await open()).token(id)).accessToken.reveal();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  directory = join(folder, "store");
  const keeper = await open();
  for (const id of ["a", "b", "c"]) await keeper.adopt(id, consent(id));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("C-11: a grant whose value file is damaged", () => {
  test("is unreadable, not unknown; other grants work, and the tokens of a new consent replace it", async () => {
    overwrite("g.b");
    const keeper = await open();
    await expect(keeper.token("b")).rejects.toMatchObject({ code: "unreadable", id: "b" });
    await expect(keeper.status("b")).rejects.toMatchObject({ code: "unreadable", id: "b" });
    await keeper.recover();
    expect(await tokenOf("c")).toBe("at-c");
    await keeper.adopt("b", consent("anew"));
    expect(await tokenOf("b")).toBe("at-anew");
  });

  test("works again when its file is restored", async () => {
    const [path] = valuesOf("g.b");
    const whole = readFileSync(path!);
    overwrite("g.b");
    await expect((await open()).token("b")).rejects.toMatchObject({ code: "unreadable" });
    writeFileSync(path!, whole);
    expect(await tokenOf("b")).toBe("at-b");
  });
});

test("ST-10: a grant that other users could read and a directory that is not a grant are skipped by list() and recover()", async () => {
  for (const path of valuesOf("g.b")) chmodSync(path, 0o644);
  mkdirSync(join(directory, "g.photos", "2026"), { recursive: true, mode: 0o700 });
  const keeper = await open();
  const seen: string[] = [];
  for await (const { id } of keeper.list()) seen.push(id);
  expect(seen).toEqual(["a", "c"]);
  expect(await keeper.recover()).toEqual({ worked: 0, failed: {} });
  const error = await keeper.token("b").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "store_unavailable",
    cause: { name: "KeeperStoreRefused", message: expect.stringContaining("Run: chmod 600 ") },
  });
});

describe("C-11: a data key whose value file is damaged", () => {
  /** Damages the files of a key; `restore` writes the old content back, as from a backup. */
  function damage(key: string): { restore(): void } {
    const files = valuesOf(key).map((path) => ({ path, whole: readFileSync(path) }));
    overwrite(key);
    return { restore: () => files.forEach(({ path, whole }) => writeFileSync(path, whole)) };
  }
  const dataKeys = (): string[] =>
    readdirSync(directory)
      .filter((name) => name.startsWith("k."))
      .sort();

  test("is not overwritten: a new key seals new grants, and old grants name the key to restore", async () => {
    const { restore } = damage("k.1");
    await (await open()).adopt("d", consent("d"));
    expect(dataKeys()).toEqual(["k.1", "k.2"]);
    const error = await (await open()).token("a").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("its data key, k.1, is missing or damaged"),
    });
    expect(error).not.toHaveProperty("field", "seal");
    expect(await tokenOf("d")).toBe("at-d");
    restore();
    expect(await Promise.all(["a", "b", "c", "d"].map(tokenOf))).toEqual(["at-a", "at-b", "at-c", "at-d"]);
  });

  test("damaged twice: the third key gets a new number", async () => {
    const first = damage("k.1");
    await (await open()).adopt("d", consent("d"));
    const second = damage("k.2");
    await (await open()).adopt("e", consent("e"));
    expect(dataKeys()).toEqual(["k.1", "k.2", "k.3"]);
    first.restore();
    second.restore();
    expect(await Promise.all(["a", "d", "e"].map(tokenOf))).toEqual(["at-a", "at-d", "at-e"]);
  });

  test("detected by two processes at once: both seal with the same new key", async () => {
    overwrite("k.1");
    const [one, other] = [await open(), await open()];
    await Promise.all([one.adopt("d", consent("d")), other.adopt("e", consent("e"))]);
    expect(dataKeys()).toEqual(["k.1", "k.2"]);
    expect(await Promise.all(["d", "e"].map(tokenOf))).toEqual(["at-d", "at-e"]);
  });

  test("is not changed by rekey(), which rewraps the other keys and rejects naming the damaged one", async () => {
    await (await open()).rekey();
    await (await open()).adopt("d", consent("d"));
    const { restore } = damage("k.1");
    const newer = wrappingKey("2027", new Uint8Array(32).fill(8));
    const both = async (): Promise<Keeper> =>
      createKeeper({
        providers: provider,
        store: await openFilesKeeperStore({ directory }),
        keys: { current: newer, others: [keys.current] },
      });
    const after = async (): Promise<Keeper> =>
      createKeeper({ providers: provider, store: await openFilesKeeperStore({ directory }), keys: { current: newer } });
    await expect((await both()).rekey()).rejects.toMatchObject({
      code: "unreadable",
      message: expect.stringContaining("but not k.1, damaged"),
    });
    expect(dataKeys()).toEqual(["k.1", "k.2", "k.3"]);
    expect((await (await after()).token("d")).accessToken.reveal()).toBe("at-d");
    restore();
    await (await both()).rekey();
    expect((await (await after()).token("a")).accessToken.reveal()).toBe("at-a");
  });

  test.each(["<html>", "null", "{}", `{"by":"2026","key":"?","check":""}`])(
    "or whose value is not a data key (%s), in any store",
    async (text) => {
      const store = await openFilesKeeperStore({ directory });
      const { revision, value } = (await store.read("k.1"))!;
      const broken = (await store.write("k.1", revision, text))!;
      await (await open()).adopt("d", consent("d"));
      expect(await tokenOf("d")).toBe("at-d");
      await store.write("k.1", broken, value);
      expect(await Promise.all(["a", "d"].map(tokenOf))).toEqual(["at-a", "at-d"]);
    },
  );
});
