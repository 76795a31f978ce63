import type { Clock } from "@symbolon/server";
import { filterEvents, levelOf, withoutTokens, type EventLog } from "../serve/event-log.ts";
import type { Level } from "../serve/level.ts";

/**
 * An event, as the command logs it: `name` says what happened (docs/operating.md lists the alarming ones), `requestId`
 * is the one in the header `Request-Id` of an answer, and the other members depend on the name. None holds a secret.
 */
export type LoggedEvent = {
  /** ISO 8601. */
  time: string;
  level: "info" | "warn" | "error";
  name: string;
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
