import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createEmptyFileSync,
  fileIdentity,
  fsyncDirectory,
  fsyncDirectorySync,
  fsyncFileSync,
  isOpenToOthers,
  isSafeSqliteVersion,
  refuseUnsafeFile,
  replaceFileSync,
  writeNewFileSync,
} from "../src/index.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-durable-"));
  path = join(folder, "file");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (name: string): string => (statSync(name).mode & 0o777).toString(8);

describe("writing files", () => {
  test("createEmptyFileSync creates the file with mode 0600 and leaves an existing one unchanged", () => {
    expect(createEmptyFileSync(path)).toBe(true);
    expect(modeOf(path)).toBe("600");
    writeFileSync(path, "text");
    expect(createEmptyFileSync(path)).toBe(false);
    expect(readFileSync(path, "utf8")).toBe("text");
  });

  test("createEmptyFileSync throws if the directory is missing", () =>
    expect(() => createEmptyFileSync(join(folder, "missing", "file"))).toThrow("ENOENT"));

  test("writeNewFileSync writes with mode 0600 and throws if the file exists", () => {
    writeNewFileSync(path, "text");
    expect(modeOf(path)).toBe("600");
    expect(() => writeNewFileSync(path, "other")).toThrow("EEXIST");
    expect(readFileSync(path, "utf8")).toBe("text");
  });

  test("replaceFileSync replaces text and mode, over the remains of a killed process", () => {
    writeFileSync(path, "old", { mode: 0o644 });
    writeFileSync(`${path}.${process.pid}.new`, "half");
    replaceFileSync(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(modeOf(path)).toBe("600");
    expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
  });

  test("files and directories can be synced", async () => {
    writeFileSync(path, "text");
    expect(() => fsyncFileSync(path)).not.toThrow();
    expect(() => fsyncDirectorySync(folder)).not.toThrow();
    await expect(fsyncDirectory(folder)).resolves.toBeUndefined();
    await expect(fsyncDirectory(join(folder, "missing"))).rejects.toThrow("ENOENT");
  });
});

describe("looking at files", () => {
  test("the identity changes when the file is replaced, and is undefined for a missing file", () => {
    writeFileSync(path, "text");
    const before = fileIdentity(path);
    writeFileSync(path, "other text");
    expect(fileIdentity(path)).toBe(before);
    replaceFileSync(path, "text");
    expect(fileIdentity(path)).not.toBe(before);
    expect(fileIdentity(join(folder, "missing"))).toBeUndefined();
  });

  test("a mode is open to others if it has a group or other bit", () => {
    expect([0o600, 0o700, 0o640, 0o604, 0o711].map(isOpenToOthers)).toEqual([false, false, true, true, true]);
  });
});

describe("SQLite versions that keep a WAL database intact", () => {
  test.each(["3.45.1", "3.51.2", "3.7.0", "3.52.0", "2.8.17", "of unknown version", undefined])(
    "%s is not safe",
    (version) => expect(isSafeSqliteVersion(version)).toBe(false),
  );
  test.each(["3.51.3", "3.52.1", "3.53.4", "4.0.0"])("%s is safe", (version) =>
    expect(isSafeSqliteVersion(version)).toBe(true),
  );
});

test("ST-10: refuses a file of another user and names its uid", () => {
  writeFileSync(path, "text", { mode: 0o600 });
  const found = lstatSync(path);
  expect(() => refuseUnsafeFile(path, found)).not.toThrow();
  expect(() => refuseUnsafeFile(path, Object.assign(found, { uid: 54_321 }))).toThrow(
    "belongs to another user (uid 54321)",
  );
});
