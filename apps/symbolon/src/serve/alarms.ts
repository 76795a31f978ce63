import type { Clock } from "@symbolon/server";
import type { SqliteStore } from "@symbolon/store-sqlite";

/** What an operator should hear of while everything still works (docs/operating.md, "Alarms"). */
export type Alarm =
  | { name: "clock.stepped"; bySeconds: number }
  | { name: "database.log_growing"; megabytes: number }
  | { name: "database.log_recovered" };

const lookEveryMs = 2_000;
const largestStepMs = 30_000;
/** Four times what a busy server has in its log between two checkpoints. */
export const alarmingLogBytes = 64 * 2 ** 20;
/** An alarm that is not mended is repeated, so that it cannot scroll out of sight. */
const repeatEveryMs = 60_000;

/**
 * Looks every two seconds whether the wall clock was set by more than 30 s (R-19; a machine that slept looks the same),
 * and whether the write-ahead log grows because some program does not end its read transaction.
 */
export function startAlarms(
  clock: Clock,
  store: Pick<SqliteStore, "logBacklogBytes">,
  raise: (alarm: Alarm) => void,
): { warnings(): readonly string[]; stop(): void } {
  let apartMs = clock.epochMs() - clock.monotonicMs();
  let raisedAtMs: number | undefined;

  const lookAtClock = (): void => {
    const nowApartMs = clock.epochMs() - clock.monotonicMs();
    const stepMs = nowApartMs - apartMs;
    apartMs = nowApartMs;
    if (Math.abs(stepMs) > largestStepMs) raise({ name: "clock.stepped", bySeconds: Math.round(stepMs / 1000) });
  };
  const lookAtLog = async (): Promise<void> => {
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
    lookAtClock();
    void lookAtLog().catch(() => {}); // A store that does not answer is what /ready and every request say.
  }, lookEveryMs).unref();
  return {
    warnings: () => (raisedAtMs === undefined ? [] : ["database_log_growing"]),
    stop: () => clearInterval(timer),
  };
}
