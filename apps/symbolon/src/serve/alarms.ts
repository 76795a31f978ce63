import type { Clock } from "@symbolon/server";
import type { SqliteStore } from "@symbolon/store-sqlite";

/** A problem that an operator should know of before a request fails (docs/operating.md, "Alarms"). */
export type Alarm =
  | { name: "clock.stepped"; bySeconds: number }
  | { name: "database.log_growing"; megabytes: number }
  | { name: "database.log_recovered" };

const checkEveryMs = 2_000;
const largestStepMs = 30_000;
/** Four times the size of a busy server's write-ahead log between two checkpoints. */
export const alarmingLogBytes = 64 * 2 ** 20;
/** A lasting alarm is repeated, so that it does not scroll out of sight. */
const repeatEveryMs = 60_000;

/**
 * Checks every two seconds whether the wall clock was set by more than 30 s (R-19; a machine that slept looks the
 * same), and whether the write-ahead log grows because a program keeps a read transaction open.
 */
export function startAlarms(
  clock: Clock,
  store: Pick<SqliteStore, "logBacklogBytes">,
  raise: (alarm: Alarm) => void,
): { warnings(): readonly string[]; stop(): void } {
  let offsetMs = clock.epochMs() - clock.monotonicMs();
  let raisedAtMs: number | undefined;

  const checkClock = (): void => {
    const currentOffsetMs = clock.epochMs() - clock.monotonicMs();
    const stepMs = currentOffsetMs - offsetMs;
    offsetMs = currentOffsetMs;
    if (Math.abs(stepMs) > largestStepMs) raise({ name: "clock.stepped", bySeconds: Math.round(stepMs / 1000) });
  };
  const checkLog = async (): Promise<void> => {
    const bytes = await store.logBacklogBytes();
    const nowMs = clock.monotonicMs();
    if (bytes <= alarmingLogBytes) {
      if (raisedAtMs !== undefined) raise({ name: "database.log_recovered" });
      raisedAtMs = undefined;
    } else if (raisedAtMs === undefined || nowMs - raisedAtMs >= repeatEveryMs) {
      raisedAtMs = nowMs;
      raise({ name: "database.log_growing", megabytes: Math.round(bytes / 2 ** 20) });
    }
  };

  const timer = setInterval(() => {
    checkClock();
    void checkLog().catch(() => {}); // If the store does not answer, /ready and every request report it.
  }, checkEveryMs).unref();
  return {
    warnings: () => (raisedAtMs === undefined ? [] : ["database_log_growing"]),
    stop: () => clearInterval(timer),
  };
}
