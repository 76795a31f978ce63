import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fsyncDirectorySync } from "./fsync.ts";

/**
 * Replaces the file with one of mode 0600 that holds `text`. After a crash at any moment the file holds either the old
 * text or the new one. Throws what `node:fs` throws.
 */
export function replaceFileSync(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.new`;
  rmSync(temporary, { force: true });
  writeNewFileSync(temporary, text);
  renameSync(temporary, path);
  fsyncDirectorySync(dirname(path));
}

/**
 * Writes `text` to a new file of mode 0600 and syncs it to the disk, but not its directory entry. Throws `EEXIST` if
 * the file exists.
 */
export function writeNewFileSync(path: string, text: string): void {
  const handle = openSync(path, "wx", 0o600);
  try {
    fchmodSync(handle, 0o600);
    writeFileSync(handle, text); // writeSync would stop in the middle of the text where the disk is nearly full
    fsyncSync(handle);
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error; // an error of a handle names no file
  } finally {
    closeSync(handle);
  }
}

/**
 * Creates an empty file of mode 0600 and returns true, or returns false if the file exists. The directory entry is not
 * synced.
 */
export function createEmptyFileSync(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, 0o600));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
