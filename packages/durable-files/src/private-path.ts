import { lstatSync, mkdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { hasFileModes, isOpenToOthers } from "./mode.ts";

/** Other users could read or replace the path, or it leads elsewhere. `remedy` tells the operator what to do. */
export class UnsafePath extends Error {
  override readonly name = "UnsafePath";
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/**
 * Creates the directory (0700) if it does not exist and returns its real path. Throws `UnsafePath` where it is a
 * symbolic link, belongs to another user, is open to other users, or lies under a directory whose entries every user
 * can rename (ST-10). `inTemporary`: whether it may lie directly in a directory such as /tmp, where another user can
 * create it before we do (and is then refused), and where cleaners delete it.
 */
export function preparePrivateDirectory(path: string, { inTemporary }: { inTemporary: boolean }): string {
  const absolute = resolve(path);
  const real = realPathOf(absolute);
  refuseSharedParents(real, inTemporary);
  makeDirectory(absolute);
  refuseUnsafeDirectory(absolute, lstatSync(absolute));
  return real;
}

/** With its parents. `mkdirSync` with `recursive` does not end below /proc, where nothing can be made. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Also for a path that does not exist yet: the real path of its nearest existing parent, and the rest. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return join(realPathOf(dirname(path)), basename(path));
  }
}

/** `found` comes from `lstat`, so that a symbolic link is recognised. */
export function refuseUnsafeDirectory(path: string, found: Stats): void {
  if (found.isSymbolicLink())
    throw new UnsafePath(`${path} is a symbolic link.`, "Use the path of the directory itself.");
  if (!found.isDirectory()) throw new UnsafePath(`${path} is not a directory.`, "Use the path of a directory.");
  refuseOtherUsers(path, found, "700");
}

/** `found` comes from `lstat`, or from `fstat` of a handle that was opened with O_NOFOLLOW. */
export function refuseUnsafeFile(path: string, found: Stats): void {
  if (found.isSymbolicLink()) throw new UnsafePath(`${path} is a symbolic link.`, "Put a regular file there.");
  if (!found.isFile()) throw new UnsafePath(`${path} is not a file.`, "Put a regular file there.");
  if (found.nlink > 1)
    throw new UnsafePath(`${path} has a hard link through which it can be changed.`, "Remove the other link.");
  refuseOtherUsers(path, found, "600");
}

/** Refuses a SQLite database, or its log, index or journal, that is not a file of this user alone. */
export function refuseUnsafeDatabase(path: string): void {
  for (const name of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    const found = lstatSync(name, { throwIfNoEntry: false });
    if (found !== undefined) refuseUnsafeFile(name, found);
  }
}

function refuseOtherUsers(path: string, found: Stats, wanted: string): void {
  if (!hasFileModes) return;
  const own = process.geteuid?.();
  if (found.uid !== own)
    throw new UnsafePath(
      `${path} belongs to another user (uid ${found.uid}).`,
      `Run as that user, or make it your own: chown -R ${own} ${path}`,
    );
  if (!isOpenToOthers(found.mode)) return;
  throw new UnsafePath(
    `${path} is open to other users (mode ${(found.mode & 0o777).toString(8)}).`,
    `Run: chmod ${wanted} ${path}`,
  );
}

/**
 * In a directory that every user can write to, such as /tmp, another user can create ours before we do, and cleaners
 * delete it. Further up, other users could rename a parent unless the sticky bit is set.
 */
function refuseSharedParents(real: string, inTemporary: boolean): void {
  if (!hasFileModes) return;
  for (let [child, parent] = [real, dirname(real)]; parent !== child; [child, parent] = [parent, dirname(parent)]) {
    const mode = statSync(parent, { throwIfNoEntry: false })?.mode ?? 0;
    const isShared = (mode & 0o002) !== 0;
    const isSticky = (mode & 0o1000) !== 0;
    if (isShared && !(isSticky && (inTemporary || child !== real)))
      throw new UnsafePath(
        `${real} is in ${parent}, which every user can write to.`,
        "Use a directory of your own, such as one in your home directory.",
      );
  }
}
