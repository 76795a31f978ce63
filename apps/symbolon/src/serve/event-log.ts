import { styleText } from "node:util";
import type { Clock, Emit, ServerEvent } from "@symbolon/server";
import type { Terminal } from "../command/terminal.ts";
import type { Alarm } from "./alarms.ts";
import { type Level, levels } from "./level.ts";
import { limitRepeats, type LeftOut } from "./repeated-events.ts";

/** Events of the process around the server. */
export type OwnEvent =
  | { name: "keyring.unreadable" | "sweep.failed" | "mark.failed"; cause: string }
  | Alarm
  | { name: "server.stalled"; forMs: number }
  | { name: "language.incomplete"; language: string; missing: string }
  | { name: "server.stopping"; signal: string }
  | { name: "log.dropped"; lines: number }
  | LeftOut;

const errorEvents = new Set<string>([
  "store.unavailable",
  "server.fault",
  "keyring.unreadable",
  "sweep.failed",
  "mark.failed",
  "log.dropped",
  "clock.stepped",
  "clock.behind",
  "database.log_growing",
]);
/** `request.refused` is no warning: scanners cause it all day. */
const warningEvents =
  /(?:_failed|^proxy\.not_trusted|^client_address\.missing|^server\.stalled|^language\.incomplete|^log\.repeated|(?<!^request)\.refused|\.late_retry|\.binding_mismatch|\.reuse_detected)$/;

/**
 * Reuse of a refresh token is an error only where its successor was used. Otherwise a lost answer is a more likely
 * cause than a theft, and operators would learn to ignore the alarm (refresh-tokens.md A7).
 */
export function levelOf(event: ServerEvent | OwnEvent): Level {
  if (errorEvents.has(event.name)) return "error";
  if (event.name === "refresh.reuse_detected") return event.delivered ? "error" : "warn";
  return warningEvents.test(event.name) ? "warn" : "info";
}

export type EventLog = { emit: Emit; emitOwn: (event: OwnEvent) => void };

/** Passes on the events from the level `lowest` on. Events that repeat are counted (OP-15). */
export function filterEvents(
  clock: Clock,
  lowest: Level,
  write: (event: ServerEvent | OwnEvent, requestId?: string) => void,
): EventLog {
  const isLogged = limitRepeats(clock, (leftOut) => write(leftOut));
  const emit = (event: ServerEvent | OwnEvent, requestId?: string): void => {
    const level = levelOf(event);
    if (levels.indexOf(level) >= levels.indexOf(lowest) && isLogged(event, level)) write(event, requestId);
  };
  return { emit, emitOwn: (event) => emit(event) };
}

/**
 * Writes one line of JSON per event to stderr, or one short line on a terminal. Never throws and never waits: while the
 * reader of stderr is behind, events are dropped and counted (faults.md R-31).
 */
export function eventLog(
  clock: Clock,
  { err, errIsTerminal, errIsBehind }: Pick<Terminal, "err" | "errIsTerminal" | "errIsBehind">,
  lowest: Level = "info",
): EventLog {
  let dropped = 0;
  const print = (event: ServerEvent | OwnEvent, more: { requestId?: string } = {}): void => {
    const time = new Date(clock.epochMs()).toISOString();
    const level = levelOf(event);
    err(
      errIsTerminal ? readableLine(time, level, { ...event, ...more }) : jsonLine({ time, level, ...event, ...more }),
    );
  };
  return filterEvents(clock, lowest, (event, requestId) => {
    if (errIsBehind()) return void dropped++;
    if (dropped > 0) print({ name: "log.dropped", lines: dropped });
    dropped = 0;
    print(event, requestId === undefined ? {} : { requestId });
  });
}

/** Shortens tokens: a client may have sent one in the place of a name (OP-01). */
export const withoutTokens = (text: string): string =>
  text.replace(/sym_[a-z]{2}_[A-Za-z0-9_-]{8,}/g, (token) => `${token.slice(0, 7)}…`);

/** Escapes C1 controls and line separators, which JSON leaves as they are and a log viewer may interpret (OP-02). */
const jsonLine = (members: object): string =>
  withoutTokens(JSON.stringify(members)).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const colours = { info: "dim", warn: "yellow", error: "red" } as const;

function readableLine(time: string, level: Level, { name, ...members }: ServerEvent | OwnEvent): string {
  const rest = Object.entries(members)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(" ");
  const line = withoutTokens(`${time.slice(11, 19)} ${name} ${rest}`).replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    "\u{fffd}",
  );
  return styleText(colours[level], line, { stream: process.stderr });
}
