import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { KeeperStore } from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";

/** Below `base`, one directory for each directory of records: two of them may know grants of one name. */
export const spoolDirectory = (base: string, records: string): string =>
  join(base, createHash("sha256").update(realpathSync(records)).digest("hex").slice(0, 16));

/** A files store in `directory`, which is made by the first write: until then it is an empty one. */
export function lazySpool(directory: string): KeeperStore {
  let opening: Promise<KeeperStore> | undefined;
  const open = (): Promise<KeeperStore> => {
    opening ??= openFilesKeeperStore({ directory });
    opening.catch(() => (opening = undefined));
    return opening;
  };
  const openIfThere = async (): Promise<KeeperStore | undefined> =>
    opening !== undefined || existsSync(directory) ? open() : undefined;
  return {
    read: async (key) => (await openIfThere())?.read(key),
    write: async (key, expected, value) => (await open()).write(key, expected, value),
    remove: async (key, expected) => (await (await openIfThere())?.remove(key, expected)) ?? false,
    async *entries(prefix) {
      yield* (await openIfThere())?.entries(prefix) ?? [];
    },
    close: async () => (await opening)?.close(),
  };
}
