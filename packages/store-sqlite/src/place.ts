import { existsSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import {
  createEmptyFileSync,
  fileIdentity,
  fsyncDirectorySync,
  preparePrivateDirectory,
  refuseUnsafeDatabase,
  refuseUnsafeDirectory,
  UnsafePath,
} from "@symbolon/durable-files";
import { StoreUnavailable } from "@symbolon/server";
import { DatabaseRefused } from "./faults.ts";

/**
 * Creates the directory (0700) and the empty file (0600) if they are missing. Refuses links, and what other users can
 * read or replace (ST-06, ST-10). SQLite gives its -wal and -shm files the mode of the database. Returns whether the
 * file is new.
 */
export function preparePlace(path: string, create: boolean): boolean {
  try {
    const directory = dirname(path);
    if (create) preparePrivateDirectory(directory, { inTemporary: true });
    else if (existsSync(directory)) refuseUnsafeDirectory(directory, lstatSync(directory));
    const isNew = create && createEmptyFileSync(path);
    refuseUnsafeDatabase(path);
    if (!existsSync(path)) throw new DatabaseRefused(`There is no database at ${path}.`);
    if (isNew) fsyncDirectorySync(directory);
    return isNew;
  } catch (error) {
    throw error instanceof UnsafePath ? new DatabaseRefused(`${error.message} ${error.remedy}`) : error;
  }
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
