import type { Clock } from "@symbolon/server";
import { filterEvents, levelOf, withoutTokens, type EventLog } from "../serve/event-log.ts";
import type { Level } from "../serve/level.ts";

/** An event, with the members of the line that the command logs. None holds a secret. */
export type LoggedEvent = {
  /** ISO 8601. */
  time: string;
  /** `error` is for an alarm, `warn` for what an operator should look at. */
  level: "info" | "warn" | "error";
  /** What happened; docs/operating.md lists the alarming ones. The other members depend on it. */
  name: string;
  /** The header `Request-Id` of the answer to the request that caused the event. */
  requestId?: string;
  [member: string]: unknown;
};

/** Calls `onEvent` for each event from the level `lowest` on. What it throws or rejects with is ignored. */
export function callForEvents(clock: Clock, lowest: Level, onEvent: (event: LoggedEvent) => unknown): EventLog {
  return filterEvents(clock, lowest, (event, requestId) => {
    const logged = {
      time: new Date(clock.epochMs()).toISOString(),
      level: levelOf(event),
      ...Object.fromEntries(
        Object.entries(event).map(([name, value]) => [name, typeof value === "string" ? withoutTokens(value) : value]),
      ),
      ...(requestId === undefined ? {} : { requestId }),
    } as LoggedEvent;
    void (async () => onEvent(logged))().catch(() => {});
  });
}
