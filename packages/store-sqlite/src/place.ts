import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createEmptyFileSync, fileIdentity, fsyncDirectorySync, isOpenToOthers } from "@symbolon/durable-files";
import { StoreUnavailable } from "@symbolon/server";
import { DatabaseRefused } from "./faults.ts";

/**
 * Creates the directory (0700) and the empty file (0600) if they are missing, and refuses those that other users can
 * read (ST-06). SQLite gives its -wal and -shm files the mode of the database. Returns whether the file is new.
 */
export function preparePlace(path: string, create: boolean): boolean {
  const directory = dirname(path);
  if (create) mkdirSync(directory, { recursive: true, mode: 0o700 });
  refuseLooseMode(directory, "directory", "700");
  const isNew = create && createEmptyFileSync(path);
  if (!existsSync(path)) throw new DatabaseRefused(`There is no database at ${path}.`);
  refuseLooseMode(path, "database", "600");
  if (isNew) fsyncDirectorySync(directory);
  return isNew;
}

function refuseLooseMode(path: string, noun: string, wanted: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || !isOpenToOthers(mode)) return;
  const found = (mode & 0o777).toString(8);
  throw new DatabaseRefused(`The ${noun} ${path} is open to other users (mode ${found}). Run: chmod ${wanted} ${path}`);
}

/** Tells whether the path still leads to the open database. */
export type Place = { assertUnmoved(): void };

/**
 * A deleted file stays writable through its open handle, and what is written to it is lost; a file put in its place is
 * another database. The same is true of the write-ahead log and its index.
 */
export function watchPlace(path: string): Place {
  const watched = [path, `${path}-wal`, `${path}-shm`].map((name) => ({ name, identity: fileIdentity(name) }));
  return {
    assertUnmoved() {
      for (const { name, identity } of watched) {
        if (fileIdentity(name) !== identity)
          throw new StoreUnavailable(`${name} was moved, deleted or replaced while it was open`);
      }
    },
  };
}
