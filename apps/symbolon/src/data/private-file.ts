import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../command/failure.ts";

const hasModes = process.platform !== "win32";

/** Makes the directory, 0700, or refuses one that others can look into (ST-06). */
export function preparePrivateDirectory(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = statSync(path);
  if (!found.isDirectory()) throw new Failure(`${path} is not a directory.`, "Name another place with --data.");
  refuseWideMode(path, found.mode, "0700");
}

/**
 * The text of a file that only its owner may read, with what tells one version of it from the next; `undefined`: no
 * such file.
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

/** Changes whenever the file is replaced or written. */
export function versionOfFile(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : versionOf(found);
}

const versionOf = ({ ino, mtimeMs, size }: { ino: number; mtimeMs: number; size: number }): string =>
  `${ino}:${mtimeMs}:${size}`;

/** Replaces the file as a whole, durably: a crash at any moment leaves the old text or the new one. */
export function replacePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  const handle = openSync(temporary, "wx", 0o600);
  try {
    fchmodSync(handle, 0o600);
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** Makes a new name in the directory survive a power cut. */
function syncDirectory(path: string): void {
  if (!hasModes) return;
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function refuseWideMode(path: string, mode: number, wanted: "0600" | "0700"): void {
  if (!hasModes || (mode & 0o077) === 0) return;
  const found = (mode & 0o777).toString(8).padStart(4, "0");
  throw new Failure(`Others can read ${path} (mode ${found}).`, `Run: chmod ${wanted} ${path}`);
}
