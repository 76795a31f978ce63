import { lstatSync, mkdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { hasFileModes, isOpenToOthers } from "@symbolon/durable-files";
import { codeOf, KeeperStoreRefused } from "./errors.ts";

/**
 * Creates the directory (0700) if it does not exist and returns its real path. Throws `KeeperStoreRefused` where other
 * users can read it or could replace it (ST-10).
 */
export function prepareDirectory(path: string): string {
  const absolute = resolve(path);
  const real = realPathOf(absolute);
  refuseSharedParents(real);
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  refuseUnsafeDirectory(absolute, lstatSync(absolute));
  return real;
}

/** Also for a path that does not exist yet: the real path of its nearest existing parent, and the rest. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return join(realPathOf(dirname(path)), basename(path));
  }
}

/** `found` comes from `lstat`, so that a symbolic link is recognised. */
export function refuseUnsafeDirectory(path: string, found: Stats): void {
  if (found.isSymbolicLink())
    throw new KeeperStoreRefused(`${path} is a symbolic link. Use the path of the directory itself.`);
  if (!found.isDirectory()) throw new KeeperStoreRefused(`${path} is not a directory.`);
  refuseOtherUsers(path, found, "700");
}

/** `found` comes from `lstat`, or from `fstat` of a handle that was opened with O_NOFOLLOW. */
export function refuseUnsafeFile(path: string, found: Stats): void {
  if (found.isSymbolicLink()) throw new KeeperStoreRefused(`${path} is a symbolic link. Put a regular file there.`);
  if (!found.isFile()) throw new KeeperStoreRefused(`${path} is not a file.`);
  if (found.nlink > 1)
    throw new KeeperStoreRefused(`${path} has a hard link through which it can be changed. Remove the other link.`);
  refuseOtherUsers(path, found, "600");
}

function refuseOtherUsers(path: string, found: Stats, wanted: string): void {
  if (!hasFileModes) return;
  if (found.uid !== process.geteuid?.())
    throw new KeeperStoreRefused(`${path} belongs to another user (uid ${found.uid}).`);
  if (!isOpenToOthers(found.mode)) return;
  throw new KeeperStoreRefused(
    `${path} is open to other users (mode ${(found.mode & 0o777).toString(8)}). Run: chmod ${wanted} ${path}`,
  );
}

/**
 * In a directory that every user can write to, such as /tmp, another user can create ours before we do, and cleaners
 * delete it. Further up, other users could rename a parent unless the sticky bit is set.
 */
function refuseSharedParents(real: string): void {
  if (!hasFileModes) return;
  for (let [child, parent] = [real, dirname(real)]; parent !== child; [child, parent] = [parent, dirname(parent)]) {
    const mode = statSync(parent, { throwIfNoEntry: false })?.mode ?? 0;
    const isShared = (mode & 0o002) !== 0;
    const isSticky = (mode & 0o1000) !== 0;
    if (isShared && (child === real || !isSticky))
      throw new KeeperStoreRefused(
        `${real} is in ${parent}, which every user can write to. Use a directory of your own, such as one in your home directory.`,
      );
  }
}
