import { statSync } from "node:fs";

/** Device and inode of the file, equal as long as the name leads to the same file. `undefined` if there is none. */
export function fileIdentity(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
