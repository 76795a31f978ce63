import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openFilesKeeperStore, type Damage } from "../src/files/index.ts";
import {
  currentFile,
  directory,
  entryDirectory,
  filesOf,
  folder,
  open,
  useTemporaryDirectory,
  writeTwice,
} from "./files-fixture.ts";

useTemporaryDirectory();

const mode = (path: string) => statSync(path).mode & 0o777;

describe("ST-10: the files store refuses what other users can read or replace", () => {
  test("creates directories with mode 0700 and files with mode 0600 under every umask", async () => {
    const before = process.umask(0);
    try {
      await writeTwice();
    } finally {
      process.umask(before);
    }
    expect(mode(directory)).toBe(0o700);
    expect(mode(entryDirectory())).toBe(0o700);
    for (const name of readdirSync(entryDirectory())) expect(mode(join(entryDirectory(), name))).toBe(0o600);
  });

  test.each(["755", "750", "701"])("refuses a directory of mode %s", async (loose) => {
    mkdirSync(directory);
    chmodSync(directory, parseInt(loose, 8));
    await expect(open()).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining(`chmod 700 ${directory}`),
    });
  });

  test("refuses a symbolic link instead of the directory, an entry or a value", async () => {
    const store = await writeTwice();
    renameSync(currentFile(), join(folder, "elsewhere"));
    const name = filesOf("head")[0]!.replace(/^head\.(\d+\.[0-9a-f]+)\..*$/, "value.$1");
    symlinkSync(join(folder, "elsewhere"), join(entryDirectory(), name));
    await expect(store.read("entry")).rejects.toThrow(/is a symbolic link/);
    symlinkSync(entryDirectory(), entryDirectory("linked"));
    await expect(store.read("linked")).rejects.toThrow(/is a symbolic link/);
    await expect(store.write("linked", 0, "x")).rejects.toThrow(/is a symbolic link/);
    symlinkSync(directory, join(folder, "link"));
    await expect(openFilesKeeperStore({ directory: join(folder, "link") })).rejects.toThrow(/is a symbolic link/);
  });

  test("refuses a value file with a hard link", async () => {
    const store = await writeTwice();
    linkSync(currentFile(), join(folder, "second"));
    await expect(store.read("entry")).rejects.toMatchObject({
      name: "KeeperStoreRefused",
      message: expect.stringContaining("hard link"),
    });
  });

  test("refuses a value file and an entry that other users can read", async () => {
    const store = await writeTwice();
    chmodSync(currentFile(), 0o640);
    await expect(store.read("entry")).rejects.toThrow(/open to other users \(mode 640\)/);
    chmodSync(currentFile(), 0o600);
    chmodSync(entryDirectory(), 0o755);
    await expect(store.read("entry")).rejects.toThrow(/open to other users \(mode 755\)/);
  });

  test("refuses a directory in /tmp, and one whose parent other users could rename", async () => {
    const shared = join(tmpdir(), `symbolon-keeper-${process.pid}`);
    await expect(openFilesKeeperStore({ directory: shared })).rejects.toThrow(/which every user can write to/);
    expect(existsSync(shared)).toBe(false);
    mkdirSync(join(folder, "open", "own"), { recursive: true, mode: 0o700 });
    chmodSync(join(folder, "open"), 0o777);
    await expect(openFilesKeeperStore({ directory: join(folder, "open", "own", "store") })).rejects.toThrow(
      /which every user can write to/,
    );
  });

  test("does not accept the files of one entry as the value of another key", async () => {
    const store = await writeTwice();
    cpSync(entryDirectory(), entryDirectory("swapped"), { recursive: true });
    chmodSync(entryDirectory("swapped"), 0o700);
    const damages: Damage[] = [];
    expect(await (await open(damages)).read("swapped")).toEqual({ revision: 2, value: "" });
    expect(damages).toMatchObject([{ key: "swapped" }]);
    expect(await store.read("entry")).toEqual({ revision: 2, value: "current" });
  });
});
