import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isKey, type KeeperStore } from "@symbolon/client/keeper";
import { openFilesKeeperStore, type Damage } from "../src/files/index.ts";
import { directoryOf, keyOf } from "../src/files/names.ts";
import { startChild } from "./child.ts";

let folder: string;
let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  directory = join(folder, "store");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (damages: Damage[] = []) =>
  openFilesKeeperStore({ directory, onDamage: (damage) => damages.push(damage) });
const within = (key = "entry") => join(directory, key);
const filesOf = (kind: "head" | "value", key = "entry") =>
  readdirSync(within(key))
    .filter((name) => name.startsWith(kind))
    .sort();
/** The file of the current value, and the one before. */
const currentFile = () => join(within(), filesOf("value").at(-1)!);
const earlierFile = () => join(within(), filesOf("value")[0]!);
const mode = (path: string) => statSync(path).mode & 0o777;

async function listed(store: KeeperStore, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.entries(prefix)) keys.push(key);
  return keys;
}

/** An entry with two generations, "old" and "current". */
async function twoGenerations() {
  const store = await open();
  await store.write("entry", 0, "old");
  await store.write("entry", 1, "current");
  return store;
}

describe("the directory of a key", () => {
  const letters = fc.constantFrom(..."abcxyzABCXYZ0189_-.");
  const keys = fc.string({ unit: letters, minLength: 1, maxLength: 200 }).filter(isKey);

  test("leads back to it, fits every file system, and is another one for another key even where capitals do not count", () => {
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
    "%j is nobody's",
    (name) => {
      expect(keyOf(name)).toBeUndefined();
    },
  );
});

describe("ST-10: what others can read or exchange is refused", () => {
  test("everything is made for its owner alone, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await twoGenerations();
    } finally {
      process.umask(before);
    }
    expect(mode(directory)).toBe(0o700);
    expect(mode(within())).toBe(0o700);
    for (const name of readdirSync(within())) expect(mode(join(within(), name))).toBe(0o600);
  });

  test.each(["755", "750", "701"])("a directory of mode %s", async (loose) => {
    mkdirSync(directory);
    chmodSync(directory, parseInt(loose, 8));
    await expect(open()).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining(`chmod 700 ${directory}`),
    });
  });

  test("a symbolic link in place of the directory, of an entry, or of a value", async () => {
    const store = await twoGenerations();
    renameSync(currentFile(), join(folder, "elsewhere"));
    const name = filesOf("head")[0]!.replace(/^head\.(\d+\.[0-9a-f]+)\..*$/, "value.$1");
    symlinkSync(join(folder, "elsewhere"), join(within(), name));
    await expect(store.read("entry")).rejects.toThrow(/is a symbolic link/);
    symlinkSync(within(), within("linked"));
    await expect(store.read("linked")).rejects.toThrow(/is a symbolic link/);
    await expect(store.write("linked", 0, "x")).rejects.toThrow(/is a symbolic link/);
    symlinkSync(directory, join(folder, "link"));
    await expect(openFilesKeeperStore({ directory: join(folder, "link") })).rejects.toThrow(/is a symbolic link/);
  });

  test("a value with a second name", async () => {
    const store = await twoGenerations();
    linkSync(currentFile(), join(folder, "second"));
    await expect(store.read("entry")).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining("second name"),
    });
  });

  test("a value, and an entry, that others can read", async () => {
    const store = await twoGenerations();
    chmodSync(currentFile(), 0o640);
    await expect(store.read("entry")).rejects.toThrow(/open to other users \(mode 640\)/);
    chmodSync(currentFile(), 0o600);
    chmodSync(within(), 0o755);
    await expect(store.read("entry")).rejects.toThrow(/open to other users \(mode 755\)/);
  });

  test("a directory in a shared place, and one above which others may rename", async () => {
    const shared = join(tmpdir(), `symbolon-keeper-${process.pid}`);
    await expect(openFilesKeeperStore({ directory: shared })).rejects.toThrow(/where every user can write/);
    expect(existsSync(shared)).toBe(false);
    mkdirSync(join(folder, "open", "own"), { recursive: true, mode: 0o700 });
    chmodSync(join(folder, "open"), 0o777);
    await expect(openFilesKeeperStore({ directory: join(folder, "open", "own", "store") })).rejects.toThrow(
      /where every user can write/,
    );
  });

  test("an entry's file under another key is not that key's value", async () => {
    const store = await twoGenerations();
    cpSync(within(), within("swapped"), { recursive: true });
    chmodSync(within("swapped"), 0o700);
    const damages: Damage[] = [];
    expect(await (await open(damages)).read("swapped")).toEqual({ revision: 2, value: "" });
    expect(damages).toMatchObject([{ key: "swapped" }]);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "current" });
  });
});

describe("C-11: a damaged file", () => {
  const harm: [string, () => void][] = [
    ["cut short", () => truncateSync(currentFile(), 40)],
    ["empty", () => truncateSync(currentFile(), 0)],
    [
      "with one bit changed",
      () => writeFileSync(currentFile(), readFileSync(currentFile(), "utf8").replace("current", "curRent")),
    ],
    ["with more at its end", () => writeFileSync(currentFile(), `${readFileSync(currentFile(), "utf8")}x`)],
    ["of another program", () => writeFileSync(currentFile(), `{"access_token":"x"}\n`)],
    ["missing", () => unlinkSync(currentFile())],
  ];

  test.each(harm)("%s gives way to the one before it, says so, and is mended by the next write", async (_, damage) => {
    const store = await twoGenerations();
    damage();
    const damages: Damage[] = [];
    const other = await open(damages);
    expect(await other.read("entry")).toEqual({ revision: 2, value: "old" });
    expect(damages).toEqual([
      {
        key: "entry",
        path: expect.stringContaining("value.2."),
        kept: 1,
        says: expect.stringMatching(/value\.2\.\w+ is damaged; the one before it is used until the next write\.$/),
      },
    ]);
    expect(await other.write("entry", 1, "x")).toBeUndefined();
    expect(await other.write("entry", 2, "mended")).toBe(3);
    expect(await store.read("entry")).toEqual({ revision: 3, value: "mended" });
  });

  const allFiles: [string, () => void][] = [
    ["the one before it too", () => (truncateSync(currentFile(), 10), truncateSync(earlierFile(), 10))],
    ["and none is before it", () => (writeFileSync(currentFile(), "torn"), unlinkSync(earlierFile()))],
    ["no value is left at all", () => (unlinkSync(currentFile()), unlinkSync(earlierFile()))],
  ];

  test.each(allFiles)(
    "with no better one (%s) is an entry without a value, never an absent one; who saw it can write over it",
    async (_, damage) => {
      await twoGenerations();
      damage();
      const damages: Damage[] = [];
      const store = await open(damages);
      expect(await store.read("entry")).toEqual({ revision: 2, value: "" });
      expect(damages).toEqual([
        {
          key: "entry",
          path: expect.stringContaining("value.2."),
          says: expect.stringMatching(/there is none before it .* Bring the file back, or write entry anew\.$/),
        },
      ]);
      expect(await listed(store)).toEqual(["entry"]);
      expect(await store.write("entry", 0, "x")).toBeUndefined();
      expect(await store.remove("entry", 1)).toBe(false);
      expect(await store.write("entry", 2, "anew")).toBe(3);
      expect(await store.read("entry")).toEqual({ revision: 3, value: "anew" });
    },
  );

  test("with no better one can be put back as long as nobody wrote, and can be removed", async () => {
    const store = await twoGenerations();
    unlinkSync(earlierFile());
    const whole = readFileSync(currentFile());
    truncateSync(currentFile(), 10);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "" });
    writeFileSync(currentFile(), whole);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "current" });
    truncateSync(currentFile(), 10);
    expect(await store.remove("entry", 2)).toBe(true);
    expect(await store.read("entry")).toBeUndefined();
  });

  test("of a newer version is refused and left as it is", async () => {
    const store = await twoGenerations();
    writeFileSync(currentFile(), "symbolon-keeper-entry 2 future\nx");
    await expect(store.read("entry")).rejects.toThrow(/newer version \(format 2; this one knows 1\)/);
    await expect(store.write("entry", 2, "x")).rejects.toThrow(/newer version/);
  });

  test("a directory that is no entry is refused; a stray file beside the entries is passed over", async () => {
    const store = await twoGenerations();
    writeFileSync(within("README"), "x");
    expect(await listed(store)).toEqual(["entry"]);
    mkdirSync(within("strange"), { mode: 0o700 });
    writeFileSync(join(within("strange"), "photo"), "x");
    await expect(store.read("strange")).rejects.toThrow(/is not an entry of a keeper's store/);
    await expect(store.write("strange", 0, "x")).rejects.toThrow(/is not an entry of a keeper's store/);
  });

  test("where the whole directory is gone or exchanged, no entry is missing: the store is", async () => {
    const store = await twoGenerations();
    renameSync(directory, join(folder, "away"));
    await expect(store.read("entry")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    await expect(store.write("new", 0, "x")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    mkdirSync(directory, { mode: 0o700 });
    await expect(store.read("entry")).rejects.toThrow(/was moved or replaced/);
  });
});

describe("C-11: one entry that is refused stops nobody else", () => {
  const odd: [string, RegExp, () => void][] = [
    [
      "a value that others can read",
      /open to other users \(mode 644\)\. Run: chmod 600 /,
      () => chmodSync(currentFile(), 0o644),
    ],
    [
      "an entry that others can look into",
      /open to other users \(mode 755\)\. Run: chmod 700 /,
      () => chmodSync(within(), 0o755),
    ],
    ["a value with a second name", /second name/, () => linkSync(currentFile(), join(folder, "second"))],
    [
      "a newer version's value",
      /newer version/,
      () => writeFileSync(currentFile(), "symbolon-keeper-entry 2 future\nx"),
    ],
    [
      "a link in place of an entry",
      /is a symbolic link/,
      () => (renameSync(within(), join(folder, "away")), symlinkSync(join(folder, "away"), within())),
    ],
    [
      "a directory that is no entry",
      /is not an entry of a keeper's store/,
      () => filesOf("head").forEach((name) => unlinkSync(join(within(), name))),
    ],
  ];

  test.each(odd)(
    "%s: the list goes on without it and says why; asked for by its key, it is refused",
    async (_, says, harm) => {
      await twoGenerations();
      const damages: Damage[] = [];
      const store = await open(damages);
      await store.write("before", 0, "x");
      await store.write("last", 0, "x");
      harm();
      expect(await listed(store)).toEqual(["before", "last"]);
      expect(damages).toEqual([{ key: "entry", path: within(), says: expect.stringMatching(says) }]);
      await expect(store.read("entry")).rejects.toMatchObject({
        name: "KeeperStoreRefused",
        message: expect.stringMatching(says),
      });
      await expect(store.write("entry", 2, "x")).rejects.toMatchObject({ name: "KeeperStoreRefused" });
    },
  );

  test("where the store itself does not answer, its list ends with that, not short", async () => {
    const store = await twoGenerations();
    await store.write("last", 0, "x");
    const reading = store.entries("")[Symbol.asyncIterator]();
    expect((await reading.next()).value).toMatchObject({ key: "entry" });
    renameSync(directory, join(folder, "away"));
    await expect(reading.next()).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
  });
});

describe("C-02: killed at each step of a write", () => {
  const old = "old".repeat(4000);
  const fresh = `new${"!".repeat(10_000)}`;

  /** What may be found after a kill; `prepare` brings the entry to where the operation starts. */
  const operations = [
    { operation: "create", prepare: async () => {}, before: undefined, after: fresh },
    {
      operation: "replace",
      prepare: async () => void (await (await open()).write("entry", 0, old)),
      before: old,
      after: fresh,
    },
    {
      operation: "remove",
      prepare: async () => void (await (await open()).write("entry", 0, old)),
      before: old,
      after: undefined,
    },
    {
      operation: "revive",
      prepare: async () => void (await (await open()).write("entry", 0, old), await (await open()).remove("entry", 1)),
      before: undefined,
      after: fresh,
    },
  ];

  test.each(operations)(
    "$operation: the entry is the old one or the new one, whole; the next write takes no longer and clears away the rest",
    async ({ operation, prepare, before, after }) => {
      const seen = new Set<string | undefined>();
      let nth = 0;
      for (let survived = false; !survived;) {
        nth++;
        for (const when of ["before", "in"] as const) {
          await prepare();
          const child = startChild("dying.ts", [directory, operation, String(nth), when]);
          survived = (await child.ended) === 0;
          if (survived) expect(JSON.parse(child.lines[0]!)).toEqual({ steps: nth - 1, outcome: "done" });
          const damages: Damage[] = [];
          const store = await open(damages);
          const found = await store.read("entry");
          expect([before, after]).toContain(found?.value);
          seen.add(found?.value);
          const next = (await store.write("entry", found?.revision ?? 0, "next"))!;
          expect(await store.read("entry")).toEqual({ revision: next, value: "next" });
          expect(damages).toEqual([]);
          expect(filesOf("head")).toHaveLength(1);
          expect(filesOf("value").length).toBeLessThanOrEqual(2);
          rmSync(directory, { recursive: true });
        }
      }
      expect(nth).toBeGreaterThan(3);
      expect([...seen]).toHaveLength(2);
    },
    120_000,
  );

  test.each(operations)(
    "C-03, $operation: a full disk at any step rejects; the entry is the old one or the new one, and the next write succeeds",
    async ({ operation, prepare, before, after }) => {
      for (let nth = 1, reached = true; reached; nth++) {
        await prepare();
        const child = startChild("dying.ts", [directory, operation, String(nth), "full"]);
        expect(await child.ended).toBe(0);
        const { steps, outcome } = JSON.parse(child.lines[0]!) as { steps: number; outcome: string };
        reached = steps >= nth;
        // Not to have cleared away an old value is no failure: the next winner does it.
        expect(reached ? ["KeeperStoreUnavailable", "done"] : ["done"]).toContain(outcome);
        const store = await open();
        const found = await store.read("entry");
        expect([before, after]).toContain(found?.value);
        const next = (await store.write("entry", found?.revision ?? 0, "next"))!;
        expect(await store.read("entry")).toEqual({ revision: next, value: "next" });
        rmSync(directory, { recursive: true });
      }
    },
    60_000,
  );

  test("a first write that was killed leaves a draft, which is swept a day later", async () => {
    await startChild("dying.ts", [directory, "create", "5", "before"]).ended;
    const drafts = () => readdirSync(directory).filter((name) => name.startsWith("."));
    expect(drafts()).toHaveLength(1);
    await open();
    expect(drafts()).toHaveLength(1);
    const draft = join(directory, drafts()[0]!);
    utimesSync(draft, 1, 1);
    await open();
    expect(existsSync(draft)).toBe(false);
    expect(drafts()).toEqual([]);
  });
});
