import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Damage } from "../src/files/index.ts";
import {
  currentFile,
  directory,
  entryDirectory,
  filesOf,
  folder,
  listKeys,
  open,
  previousFile,
  useTemporaryDirectory,
  writeTwice,
} from "./files-fixture.ts";

useTemporaryDirectory();

describe("C-11: a damaged value file", () => {
  const damageKinds: [string, () => void][] = [
    ["truncated", () => truncateSync(currentFile(), 40)],
    ["empty", () => truncateSync(currentFile(), 0)],
    [
      "with one bit changed",
      () => writeFileSync(currentFile(), readFileSync(currentFile(), "utf8").replace("current", "curRent")),
    ],
    ["with extra bytes at its end", () => writeFileSync(currentFile(), `${readFileSync(currentFile(), "utf8")}x`)],
    ["with the format of another program", () => writeFileSync(currentFile(), `{"access_token":"x"}\n`)],
    ["missing", () => unlinkSync(currentFile())],
  ];

  test.each(damageKinds)(
    "%s: the previous value is used, the damage is reported, and the next write repairs the entry",
    async (_, damage) => {
      const store = await writeTwice();
      damage();
      const damages: Damage[] = [];
      const other = await open(damages);
      expect(await other.read("entry")).toEqual({ revision: 2, value: "old" });
      expect(damages).toEqual([
        {
          key: "entry",
          path: expect.stringContaining("value.2."),
          kept: 1,
          message: expect.stringMatching(
            /value\.2\.\w+ is damaged\. The previous value is used until the next write\.$/,
          ),
        },
      ]);
      expect(await other.write("entry", 1, "x")).toBeUndefined();
      expect(await other.write("entry", 2, "mended")).toBe(3);
      expect(await store.read("entry")).toEqual({ revision: 3, value: "mended" });
    },
  );

  const allFiles: [string, () => void][] = [
    ["the previous file is damaged too", () => (truncateSync(currentFile(), 10), truncateSync(previousFile(), 10))],
    ["there is no previous file", () => (writeFileSync(currentFile(), "torn"), unlinkSync(previousFile()))],
    ["both files are missing", () => (unlinkSync(currentFile()), unlinkSync(previousFile()))],
  ];

  test.each(allFiles)(
    "without an intact previous value (%s): the entry keeps its revision, has an empty value and can be overwritten",
    async (_, damage) => {
      await writeTwice();
      damage();
      const damages: Damage[] = [];
      const store = await open(damages);
      expect(await store.read("entry")).toEqual({ revision: 2, value: "" });
      expect(damages).toEqual([
        {
          key: "entry",
          path: expect.stringContaining("value.2."),
          message: expect.stringMatching(
            /there is no intact previous value\. Restore the file, or write entry again\.$/,
          ),
        },
      ]);
      expect(await listKeys(store)).toEqual(["entry"]);
      expect(await store.write("entry", 0, "x")).toBeUndefined();
      expect(await store.remove("entry", 1)).toBe(false);
      expect(await store.write("entry", 2, "anew")).toBe(3);
      expect(await store.read("entry")).toEqual({ revision: 3, value: "anew" });
    },
  );

  test("without an intact previous value: the file can be restored until the next write, and the entry can be removed", async () => {
    const store = await writeTwice();
    unlinkSync(previousFile());
    const whole = readFileSync(currentFile());
    truncateSync(currentFile(), 10);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "" });
    writeFileSync(currentFile(), whole);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "current" });
    truncateSync(currentFile(), 10);
    expect(await store.remove("entry", 2)).toBe(true);
    expect(await store.read("entry")).toBeUndefined();
  });

  test("of a newer format is refused and not changed", async () => {
    const store = await writeTwice();
    writeFileSync(currentFile(), "symbolon-keeper-entry 2 future\nx");
    await expect(store.read("entry")).rejects.toThrow(/newer version \(format 2; this version reads 1\)/);
    await expect(store.write("entry", 2, "x")).rejects.toThrow(/newer version/);
  });

  test("a directory that is not an entry is refused; a file next to the entries is ignored", async () => {
    const store = await writeTwice();
    writeFileSync(entryDirectory("README"), "x");
    expect(await listKeys(store)).toEqual(["entry"]);
    mkdirSync(entryDirectory("strange"), { mode: 0o700 });
    writeFileSync(join(entryDirectory("strange"), "photo"), "x");
    await expect(store.read("strange")).rejects.toThrow(/is not an entry of a keeper's store/);
    await expect(store.write("strange", 0, "x")).rejects.toThrow(/is not an entry of a keeper's store/);
  });

  test("rejects with KeeperStoreUnavailable where the store's directory was moved or replaced", async () => {
    const store = await writeTwice();
    renameSync(directory, join(folder, "away"));
    await expect(store.read("entry")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    await expect(store.write("new", 0, "x")).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
    mkdirSync(directory, { mode: 0o700 });
    await expect(store.read("entry")).rejects.toThrow(/was moved or replaced/);
  });
});

describe("C-11: an entry that is refused does not affect other entries", () => {
  const refusals: [string, RegExp, () => void][] = [
    [
      "a value file that other users can read",
      /open to other users \(mode 644\)\. Run: chmod 600 /,
      () => chmodSync(currentFile(), 0o644),
    ],
    [
      "an entry that other users can list",
      /open to other users \(mode 755\)\. Run: chmod 700 /,
      () => chmodSync(entryDirectory(), 0o755),
    ],
    ["a value file with a hard link", /hard link/, () => linkSync(currentFile(), join(folder, "second"))],
    [
      "a value of a newer format",
      /newer version/,
      () => writeFileSync(currentFile(), "symbolon-keeper-entry 2 future\nx"),
    ],
    [
      "a symbolic link instead of an entry",
      /is a symbolic link/,
      () => (renameSync(entryDirectory(), join(folder, "away")), symlinkSync(join(folder, "away"), entryDirectory())),
    ],
    [
      "a directory that is not an entry",
      /is not an entry of a keeper's store/,
      () => filesOf("head").forEach((name) => unlinkSync(join(entryDirectory(), name))),
    ],
  ];

  test.each(refusals)(
    "%s: a list skips it and reports why; reading it by its key rejects",
    async (_, message, damage) => {
      await writeTwice();
      const damages: Damage[] = [];
      const store = await open(damages);
      await store.write("before", 0, "x");
      await store.write("last", 0, "x");
      damage();
      expect(await listKeys(store)).toEqual(["before", "last"]);
      expect(damages).toEqual([{ key: "entry", path: entryDirectory(), message: expect.stringMatching(message) }]);
      await expect(store.read("entry")).rejects.toMatchObject({
        name: "KeeperStoreRefused",
        message: expect.stringMatching(message),
      });
      await expect(store.write("entry", 2, "x")).rejects.toMatchObject({ name: "KeeperStoreRefused" });
    },
  );

  test("a list rejects where the store becomes unavailable, instead of ending early", async () => {
    const store = await writeTwice();
    await store.write("last", 0, "x");
    const reading = store.entries("")[Symbol.asyncIterator]();
    expect((await reading.next()).value).toMatchObject({ key: "entry" });
    renameSync(directory, join(folder, "away"));
    await expect(reading.next()).rejects.toMatchObject({ name: "KeeperStoreUnavailable" });
  });
});
