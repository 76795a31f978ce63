import type { Clock } from "@symbolon/server";
import type { SqliteStore } from "@symbolon/store-sqlite";

/** A problem that an operator should know of before a request fails (docs/operating.md, "Alarms"). */
export type Alarm =
  | { name: "clock.stepped" | "clock.behind"; bySeconds: number }
  | { name: "database.log_growing"; megabytes: number }
  | { name: "database.log_recovered" };

const checkEveryMs = 2_000;
const largestStepMs = 30_000;
const largestLagMs = 60_000;
/** Four times the size of a busy server's write-ahead log between two checkpoints. */
export const alarmingLogBytes = 64 * 2 ** 20;
/** A lasting alarm is repeated, so that it does not scroll out of sight. */
const repeatEveryMs = 60_000;

type Watched = {
  /** The clock of the machine. */
  clock: Clock;
  /** How far it is behind the latest time that the database knows. */
  behindMs(): number;
  store: Pick<SqliteStore, "logBacklogBytes">;
};

/**
 * Checks every two seconds whether the wall clock was set by more than 30 s (R-19; a machine that slept looks the
 * same), whether it is behind a time that was reached already (ST-14), and whether the write-ahead log grows because a
 * program keeps a read transaction open.
 */
export function startAlarms(
  { clock, behindMs, store }: Watched,
  raise: (alarm: Alarm) => void,
): { warnings(): readonly string[]; stop(): void } {
  let offsetMs = clock.epochMs() - clock.monotonicMs();
  let behindRaisedAtMs = Number.NEGATIVE_INFINITY;
  let raisedAtMs: number | undefined;

  const checkClock = (): void => {
    const nowMs = clock.monotonicMs();
    const currentOffsetMs = clock.epochMs() - nowMs;
    const stepMs = currentOffsetMs - offsetMs;
    offsetMs = currentOffsetMs;
    if (Math.abs(stepMs) > largestStepMs) raise({ name: "clock.stepped", bySeconds: Math.round(stepMs / 1000) });
    const lagMs = behindMs();
    if (lagMs <= largestLagMs || nowMs - behindRaisedAtMs < repeatEveryMs) return;
    behindRaisedAtMs = nowMs;
    raise({ name: "clock.behind", bySeconds: Math.round(lagMs / 1000) });
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
