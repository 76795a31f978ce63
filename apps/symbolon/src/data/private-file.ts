import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { isOpenToOthers } from "@symbolon/durable-files";
import { Failure } from "../command/failure.ts";

/** Makes the directory with mode 0700. Refuses an existing one that other users can read (ST-06). */
export function preparePrivateDirectory(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = statSync(path);
  if (!found.isDirectory()) throw new Failure(`${path} is not a directory.`, "Name another directory with --data.");
  refuseWideMode(path, found.mode, "0700");
}

/**
 * The text of a file and its version, which changes with each write; `undefined` where there is no such file. Refuses a
 * file that other users can read.
 */
export function readPrivateFile(path: string): { text: string; version: string } | undefined {
  if (!existsSync(path)) return undefined;
  const handle = openSync(path, "r");
  try {
    const found = fstatSync(handle);
    refuseWideMode(path, found.mode, "0600");
    return { text: readFileSync(handle, "utf8"), version: versionOf(found) };
  } finally {
    closeSync(handle);
  }
}

/** Changes when the file is replaced or written; `undefined` where there is no such file. */
export function versionOfFile(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : versionOf(found);
}

const versionOf = ({ ino, mtimeMs, size }: { ino: number; mtimeMs: number; size: number }): string =>
  `${ino}:${mtimeMs}:${size}`;

function refuseWideMode(path: string, mode: number, wanted: "0600" | "0700"): void {
  if (!isOpenToOthers(mode)) return;
  const found = (mode & 0o777).toString(8).padStart(4, "0");
  throw new Failure(`Other users can read ${path} (mode ${found}).`, `Run: chmod ${wanted} ${path}`);
}
