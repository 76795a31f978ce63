import type { GrantId } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { ServerEvent } from "../events.ts";
import type { Change } from "../store/contract.ts";
import type { Grant } from "./grant.ts";

/**
 * What a pure function decides about a grant: the result for the caller, what the store writes, and the events to emit
 * once the write is committed.
 */
export type Decision<T> = Change<{ result: T; events: readonly ServerEvent[] }>;

/** A decision that writes nothing. */
export const unchanged = <T>(result: T, ...events: ServerEvent[]): Decision<T> => ({ answer: { result, events } });

/** Runs a decision on the row under the store's write lock, then emits its events. */
export async function changeGrant<T>(
  id: GrantId,
  decide: (grant: Grant | undefined) => Decision<T>,
  { store, emit }: Pick<Deps, "store" | "emit">,
): Promise<T> {
  const { result, events } = await store.grants.change(id, decide);
  for (const event of events) emit(event);
  return result;
}
