import type { Clock } from "@symbolon/server";
import type { Level } from "./level.ts";

const windowMs = 10_000;
/** How many events of one kind are logged in a window. */
const maximumPerWindow = 20;
/** Kinds that are told apart by their grant or account. */
const maximumKinds = 10_000;

type Event = { name: string; reason?: string; grant?: string; account?: string };
type Kind = { event: string; reason?: string; count: number };

/** What is logged in place of the events that were left out. */
export type LeftOut = { name: "log.repeated"; event: string; reason?: string; leftOut: number };

/**
 * Passes the first twenty events of one kind in ten seconds, then counts them and reports how many were left out
 * (OP-15). A kind is a name, a reason, and the grant or account: never a text that a client sent. Returns a function
 * that asks whether to log an event.
 */
export function limitRepeats(
  clock: Pick<Clock, "monotonicMs">,
  report: (leftOut: LeftOut) => void,
): (event: Event, level: Level) => boolean {
  let kinds = new Map<string, Kind>();
  let endsAtMs = Number.NEGATIVE_INFINITY;

  const endWindow = (): void => {
    const ended = kinds;
    kinds = new Map();
    for (const { event, reason, count } of ended.values()) {
      if (count <= maximumPerWindow) continue;
      const leftOut = count - maximumPerWindow;
      report({ name: "log.repeated", event, ...(reason === undefined ? {} : { reason }), leftOut });
    }
  };

  return ({ name, reason, grant, account }, level) => {
    if (clock.monotonicMs() >= endsAtMs) {
      endWindow();
      endsAtMs = clock.monotonicMs() + windowMs;
      setTimeout(endWindow, windowMs).unref();
    }
    const cause = `${name} ${reason ?? ""}`;
    const own = `${cause} ${grant ?? account ?? ""}`;
    const isFull = kinds.size >= maximumKinds && !kinds.has(own);
    if (isFull && level === "info") return true; // of so many grants each has few events
    const key = isFull ? cause : own;
    const kind = kinds.get(key) ?? { event: name, ...(reason === undefined ? {} : { reason }), count: 0 };
    kind.count++;
    kinds.set(key, kind);
    return kind.count <= maximumPerWindow;
  };
}
