import { keeperProvider, type Application } from "@symbolon/client";
import { createKeeper, wrappingKey, type KeeperEvent } from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";

/**
 * Opens one keeper for the process. Any number of processes may share the store. `secret` is 32 random bytes; do not
 * keep them next to the store.
 */
export async function openKeeper(
  application: Application,
  directory: string,
  secret: Uint8Array,
  onEvent: (event: KeeperEvent) => void,
) {
  const store = await openFilesKeeperStore({ directory });
  const keeper = createKeeper({
    providers: keeperProvider(application),
    store,
    keys: { current: wrappingKey("2026-11", secret) },
    onEvent,
  });
  await keeper.recover();
  return keeper;
}
