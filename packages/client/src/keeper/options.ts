import { unknownName } from "@symbolon/protocol";
import { KeeperError } from "./errors.ts";
import type { KeeperEvent } from "./events.ts";
import type { KeeperProvider } from "./provider.ts";
import type { KeeperStore } from "./store.ts";
import type { World } from "../world.ts";
import type { Keys, Vault } from "./vault.ts";

/** Options of `createKeeper`. */
export type KeeperOptions = {
  /** One client at one provider, or several. */
  providers: KeeperProvider | readonly KeeperProvider[];
  /** Keeps the records, for every process that shares these grants. */
  store: KeeperStore;
  /** The keys that wrap the data keys of the store; or a vault. */
  keys: Keys | Vault;
  /** Keeps pairs that `store` does not take, best on another disk. Without it they wait in memory. */
  outbox?: KeeperStore | undefined;
  /** Is called with every event, at once; its errors are ignored. */
  onEvent?(event: KeeperEvent): void;
  /** Names this process in the leases that it holds, for people who read a record and for `isGone`. */
  name?: string | undefined;
  /**
   * Whether the process with this `name` is known to have ended: its lease then ends after five seconds. It must be
   * sure: a process that lives would refresh at the same time. `thisProcess()` of `@symbolon/keeper-stores/process`
   * knows the processes of one machine. Default: it is never known.
   */
  isGone?(name: string): boolean;
  /** Clock, timers and randomness. Default: those of the platform. */
  world?: World | undefined;
};

const known = ["providers", "store", "keys", "outbox", "onEvent", "name", "isGone", "world"];

/** Throws "invalid_input" that names the option, as plain JavaScript may pass it. */
export function checkKeeperOptions(options: KeeperOptions): void {
  const { providers, store, keys, outbox, onEvent, isGone } = { ...options };
  const isStore = (value: unknown): boolean => typeof (value as KeeperOptions["store"])?.write === "function";
  const all = [providers].flat();
  const fits = {
    providers: all.every((one) => typeof one?.refresh === "function"),
    store: isStore(store),
    keys: typeof keys === "object" && keys !== null && ("seal" in keys || typeof keys.current?.unwrap === "function"),
    outbox: outbox === undefined || isStore(outbox),
    onEvent: onEvent === undefined || typeof onEvent === "function",
    isGone: isGone === undefined || typeof isGone === "function",
  };
  const wrong = Object.entries(fits).find(([, isFit]) => !isFit)?.[0];
  if (wrong !== undefined)
    throw new KeeperError("invalid_input", { field: wrong, message: "missing, or not of its kind" });
  const unknown = unknownName(options, known);
  if (unknown)
    throw new KeeperError("invalid_input", { field: unknown.name, message: `not an option${unknown.suggestion}` });
}
