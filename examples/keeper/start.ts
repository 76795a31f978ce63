import { keeperProvider, type Application } from "@symbolon/client";
import { createKeeper, wrappingKey, type KeeperEvent } from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";

/**
 * One keeper a process; any number of processes on one store. `secret` is 32 bytes that do not lie beside the store.
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
