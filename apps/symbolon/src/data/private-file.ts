import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, statSync } from "node:fs";
import * as durable from "@symbolon/durable-files";

/** Makes the directory (0700) if it is missing. Throws `UnsafePath` where others could read or replace it (ST-10). */
export function preparePrivateDirectory(path: string): void {
  durable.preparePrivateDirectory(path, { inTemporary: true });
}

/**
 * The text of a file and its version, which changes with each write; `undefined` if there is no such file. Throws
 * `UnsafePath` for a link, and for a file that other users can read or change (ST-06, ST-10).
 */
export function readPrivateFile(path: string): { text: string; version: string } | undefined {
  const named = lstatSync(path, { throwIfNoEntry: false });
  if (named === undefined) return undefined;
  durable.refuseUnsafeFile(path, named);
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const found = fstatSync(handle);
    durable.refuseUnsafeFile(path, found);
    return { text: readFileSync(handle, "utf8"), version: versionOf(found) };
  } finally {
    closeSync(handle);
  }
}

/** Changes when the file is replaced or written; `undefined` if there is no such file. */
export function versionOfFile(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : versionOf(found);
}

const versionOf = ({ ino, mtimeMs, size }: { ino: number; mtimeMs: number; size: number }): string =>
  `${ino}:${mtimeMs}:${size}`;
