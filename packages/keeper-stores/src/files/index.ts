import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KeeperStore } from "@symbolon/client/keeper";
import { withStoreErrors } from "../errors.ts";
import { prepareDirectory } from "../place.ts";
import { epochMs, newName } from "./edge.ts";
import { isLeftover, sweptName } from "./names.ts";
import { FilesKeeperStore, type Damage } from "./store.ts";

export { KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
export type { Damage } from "./store.ts";

export type FilesKeeperStoreOptions = {
  /**
   * Made (0700) where there is none. On a local disk; the store relies on `rename` being atomic, which network disks do
   * not promise.
   */
  directory: string;
  /**
   * Hears of files that are torn or foreign. The value before is used meanwhile; where there is none, the entry is
   * still there, and its value is empty, which a keeper calls `unreadable`. The next write mends both. It also hears of
   * an entry that is refused because others could read or exchange it, because a newer version wrote it, or because it
   * is none: reading it by its key rejects, but a list of entries passes it over.
   */
  onDamage?: (damage: Damage) => void;
};

/**
 * A keeper's store in one directory of files, shared by any number of processes of one machine. Rejects with
 * `KeeperStoreRefused` where others could read or exchange the files, saying what to do.
 */
export const openFilesKeeperStore = ({
  directory,
  onDamage = () => {},
}: FilesKeeperStoreOptions): Promise<KeeperStore> =>
  withStoreErrors(async () => {
    const path = prepareDirectory(directory);
    await sweep(path);
    return new FilesKeeperStore(path, onDamage);
  });

const dayMs = 86_400_000;

/**
 * Clears away entries that were being made when their process was killed. Moved aside first, so that a sleeper finds
 * all of its draft or nothing.
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
      // Another process sweeps as well.
    }
  }
}
