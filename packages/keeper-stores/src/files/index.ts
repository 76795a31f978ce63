import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KeeperStore } from "@symbolon/client/keeper";
import { checkOptions } from "../check-options.ts";
import { withStoreErrors } from "../errors.ts";
import { prepareDirectory } from "../private-path.ts";
import { epochMs, newName } from "./edge.ts";
import { isLeftover, sweptName } from "./names.ts";
import { FilesKeeperStore, type Damage } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
export type { Damage } from "./store.ts";

/** Options of `openFilesKeeperStore`. */
export type FilesKeeperStoreOptions = {
  /**
   * Created (0700) if it does not exist. Must be on a local disk: the store relies on atomic `rename`, which network
   * file systems do not guarantee.
   */
  directory: string;
  /**
   * Called for each file that is damaged or does not belong there. The previous value is used until the next write; if
   * there is none, the entry has an empty value, which a keeper reports as `unreadable`. Also called for an entry that
   * is refused: other users could read or replace it, a newer version wrote it, or it is not an entry at all. Reading
   * such an entry by its key rejects; a list of entries skips it.
   */
  onDamage?: (damage: Damage) => void;
};

/**
 * Opens a keeper's store in a directory of files. Any number of processes on one machine may share it. Rejects with
 * `KeeperStoreRefused` where other users could read or replace the files.
 */
export const openFilesKeeperStore = (options: FilesKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => {
    checkOptions("openFilesKeeperStore", options, "directory", ["onDamage"]);
    const { directory, onDamage = () => {} } = options;
    if (typeof onDamage !== "function") throw new TypeError("openFilesKeeperStore: onDamage must be a function");
    const path = prepareDirectory(directory);
    await sweep(path);
    return new FilesKeeperStore(path, onDamage);
  });

const dayMs = 86_400_000;

/**
 * Deletes entries that a killed process left half created more than a day ago. Each is renamed first, so that a process
 * that was only suspended finds its draft complete or not at all.
 */
async function sweep(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter(isLeftover)) {
    const path = join(directory, name);
    const aside = join(directory, sweptName(newName()));
    try {
      if (epochMs() - (await stat(path)).mtimeMs < dayMs) continue;
      await rename(path, aside);
      await rm(aside, { recursive: true, force: true });
    } catch {
      // Another process is deleting it too.
    }
  }
}
