import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreUnavailable } from "@symbolon/server";
import { DatabaseRefused } from "./faults.ts";

const hasModes = process.platform !== "win32";

/**
 * Makes the directory (0700) and the empty file (0600) where there are none, and refuses those that others can read
 * (ST-06). SQLite gives its -wal and -shm files the mode of the database. Answers whether the file is new.
 */
export function preparePlace(path: string, create: boolean): boolean {
  const directory = dirname(path);
  if (create) mkdirSync(directory, { recursive: true, mode: 0o700 });
  refuseLooseMode(directory, "directory", "700");
  const isNew = create && createFile(path);
  if (!existsSync(path)) throw new DatabaseRefused(`There is no database at ${path}.`);
  refuseLooseMode(path, "database", "600");
  if (isNew) syncDirectory(directory);
  return isNew;
}

function refuseLooseMode(path: string, noun: string, wanted: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || !hasModes || (mode & 0o077) === 0) return;
  const found = (mode & 0o777).toString(8);
  throw new DatabaseRefused(`The ${noun} ${path} is open to other users (mode ${found}). Run: chmod ${wanted} ${path}`);
}

/** Creates an empty file of mode 0600; answers false where there is one already. Never overwrites. */
export function createFile(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Makes a new name in the directory survive a power cut. */
export function syncDirectory(directory: string): void {
  if (!hasModes) return;
  const handle = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Tells whether the open database still is the file that its name leads to. */
export type Place = { assertUnmoved(): void };

/**
 * A deleted file stays writable through its open handle, and everything written to it is lost; a file put in its place
 * is another database. The same goes for the write-ahead log and its index.
 */
export function watchPlace(path: string): Place {
  const watched = [path, `${path}-wal`, `${path}-shm`].map((name) => ({ name, identity: identityOf(name) }));
  return {
    assertUnmoved() {
      for (const { name, identity } of watched) {
        if (identityOf(name) !== identity)
          throw new StoreUnavailable(`${name} was moved, deleted or replaced while it was open`);
      }
    },
  };
}

function identityOf(name: string): string | undefined {
  const found = statSync(name, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
