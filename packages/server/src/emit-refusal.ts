import type { Reason, Refusal } from "@symbolon/protocol";
import type { Deps } from "./deps.ts";
import type { ServerEvent } from "./events.ts";

type WithoutReason<E> = E extends { reason: Reason } ? Omit<E, "reason"> : never;

/** The event of a refusal, without its reason. */
export type RefusalEvent = WithoutReason<ServerEvent>;

/** Emits the event of a refusal, and returns the refusal. */
export function emitRefusal(refusal: Refusal, event: RefusalEvent, { emit }: Pick<Deps, "emit">): Refusal {
  emit({ ...event, reason: refusal.reason });
  return refusal;
}
