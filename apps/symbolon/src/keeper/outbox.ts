import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { KeeperStore } from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";

/** The outbox of one store below `base`. Two stores have two outboxes, because both may have a grant of one name. */
export const outboxDirectory = (base: string, records: string): string =>
  join(base, createHash("sha256").update(realpathSync(records)).digest("hex").slice(0, 16));

/** A store of files in `directory`, which the first write makes. Before that it is empty. */
export function lazyOutbox(directory: string): KeeperStore {
  let opening: Promise<KeeperStore> | undefined;
  const open = (): Promise<KeeperStore> => {
    opening ??= openFilesKeeperStore({ directory });
    opening.catch(() => (opening = undefined));
    return opening;
  };
  const openIfExists = async (): Promise<KeeperStore | undefined> =>
    opening !== undefined || existsSync(directory) ? open() : undefined;
  return {
    read: async (key) => (await openIfExists())?.read(key),
    write: async (key, expected, value) => (await open()).write(key, expected, value),
    remove: async (key, expected) => (await (await openIfExists())?.remove(key, expected)) ?? false,
    async *entries(prefix) {
      yield* (await openIfExists())?.entries(prefix) ?? [];
    },
    close: async () => (await opening)?.close(),
  };
}
