import { lstatSync, mkdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { hasFileModes, isOpenToOthers } from "@symbolon/durable-files";
import { codeOf, KeeperStoreRefused } from "./errors.ts";

/**
 * Makes the directory (0700) where there is none, and refuses one that others can look into, or could put theirs in the
 * place of (ST-10). Answers its real path.
 */
export function prepareDirectory(path: string): string {
  const absolute = resolve(path);
  const real = realPathOf(absolute);
  refuseSharedParents(real);
  mkdirSync(absolute, { recursive: true, mode: 0o700 });
  refuseUnfitDirectory(absolute, lstatSync(absolute));
  return real;
}

/** Also of what is not there yet. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return join(realPathOf(dirname(path)), basename(path));
  }
}

/** `found` is what `lstat` says, so that a symbolic link shows itself. */
export function refuseUnfitDirectory(path: string, found: Stats): void {
  if (found.isSymbolicLink()) throw new KeeperStoreRefused(`${path} is a symbolic link. Name the directory itself.`);
  if (!found.isDirectory()) throw new KeeperStoreRefused(`${path} is not a directory.`);
  refuseOthers(path, found, "700");
}

/** `found` is what `lstat` says, or `fstat` of a handle that was opened without following links. */
export function refuseUnfitFile(path: string, found: Stats): void {
  if (found.isSymbolicLink()) throw new KeeperStoreRefused(`${path} is a symbolic link. Put the file itself there.`);
  if (!found.isFile()) throw new KeeperStoreRefused(`${path} is not a file.`);
  if (found.nlink > 1)
    throw new KeeperStoreRefused(
      `${path} has a second name (hard link) through which it can be changed. Remove the other name.`,
    );
  refuseOthers(path, found, "600");
}

function refuseOthers(path: string, found: Stats, wanted: string): void {
  if (!hasFileModes) return;
  if (found.uid !== process.geteuid?.())
    throw new KeeperStoreRefused(`${path} belongs to another user (uid ${found.uid}).`);
  if (!isOpenToOthers(found.mode)) return;
  throw new KeeperStoreRefused(
    `${path} is open to other users (mode ${(found.mode & 0o777).toString(8)}). Run: chmod ${wanted} ${path}`,
  );
}

/**
 * A directory lying in one that everybody can write to, as /tmp, can be made by somebody else before us, and is swept
 * by others; higher up, only the sticky bit keeps others from renaming it away.
 */
function refuseSharedParents(real: string): void {
  if (!hasFileModes) return;
  for (let [child, parent] = [real, dirname(real)]; parent !== child; [child, parent] = [parent, dirname(parent)]) {
    const mode = statSync(parent, { throwIfNoEntry: false })?.mode ?? 0;
    const isShared = (mode & 0o002) !== 0;
    const isSticky = (mode & 0o1000) !== 0;
    if (isShared && (child === real || !isSticky))
      throw new KeeperStoreRefused(
        `${real} lies in ${parent}, where every user can write. Use a directory of your own, such as one below your home.`,
      );
  }
}
