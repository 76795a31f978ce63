import { unknownName } from "@symbolon/protocol";
import { KeeperError } from "./errors.ts";
import type { KeeperOptions } from "./keeper.ts";

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
