import { KeeperError } from "./errors.ts";
import type { KeeperStore } from "./store.ts";

/** The same store; every error that it throws becomes "store_unavailable". */
export function guardStore(store: KeeperStore): KeeperStore {
  const fail = (cause: unknown): never => {
    throw new KeeperError("store_unavailable", { cause });
  };
  return {
    read: (key) => store.read(key).catch(fail),
    write: (key, expected, value) => store.write(key, expected, value).catch(fail),
    remove: (key, expected) => store.remove(key, expected).catch(fail),
    async *entries(prefix) {
      try {
        yield* store.entries(prefix);
      } catch (cause) {
        fail(cause);
      }
    },
    close: () => store.close(),
  };
}
