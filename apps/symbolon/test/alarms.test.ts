import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeClock } from "@symbolon/testing";
import { alarmingLogBytes, startAlarms, type Alarm } from "../src/serve/alarms.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Alarms over a clock and a log that a test moves. */
function watched() {
  const clock = fakeClock();
  const log = { bytes: 0, isDown: false };
  const lag = { seconds: 0 };
  const raised: Alarm[] = [];
  const logBacklogBytes = async (): Promise<number> => {
    if (log.isDown) throw new Error("no answer");
    return log.bytes;
  };
  const alarms = startAlarms(
    { clock, behindMs: () => lag.seconds * 1000, store: { logBacklogBytes } },
    (alarm) => void raised.push(alarm),
  );
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advanceSeconds(1);
      await vi.advanceTimersByTimeAsync(1000);
    }
  };
  return { clock, log, lag, raised, alarms, pass };
}

describe("R-19: alarms about the wall clock", () => {
  test.each([31, -31, 3600, -86_400])("raises one alarm with the size of a step of %i s", async (seconds) => {
    const { clock, raised, alarms, pass } = watched();
    await pass(10);
    clock.stepWallSeconds(seconds);
    await pass(10);
    expect(raised).toEqual([{ name: "clock.stepped", bySeconds: seconds }]);
    alarms.stop();
  });

  test("raises none for steps of at most 30 s and for hours that pass", async () => {
    const { clock, raised, alarms, pass } = watched();
    for (const seconds of [30, -30, 5]) {
      clock.stepWallSeconds(seconds);
      await pass(5);
    }
    clock.advanceSeconds(7200);
    await pass(5);
    expect(raised).toEqual([]);
    alarms.stop();
  });
});

describe("ST-14: alarms about a wall clock that is behind the latest known time", () => {
  test("raises one each minute while it is more than a minute behind", async () => {
    const { lag, raised, alarms, pass } = watched();
    lag.seconds = 60;
    await pass(10);
    expect(raised).toEqual([]);
    lag.seconds = 3600;
    await pass(62);
    expect(raised).toEqual([
      { name: "clock.behind", bySeconds: 3600 },
      { name: "clock.behind", bySeconds: 3600 },
    ]);
    lag.seconds = 0;
    await pass(130);
    expect(raised).toHaveLength(2);
    alarms.stop();
  });
});

describe("R-09: alarms about the write-ahead log", () => {
  test("raises an alarm every minute while the log is too large, and warns until it has shrunk", async () => {
    const { log, raised, alarms, pass } = watched();
    log.bytes = alarmingLogBytes;
    await pass(10);
    expect([raised, alarms.warnings()]).toEqual([[], []]);
    log.bytes = alarmingLogBytes + 2 ** 20;
    await pass(130);
    expect(raised).toEqual(Array.from({ length: 3 }, () => ({ name: "database.log_growing", megabytes: 65 })));
    expect(alarms.warnings()).toEqual(["database_log_growing"]);
    log.bytes = 0;
    await pass(2);
    expect(raised.at(-1)).toEqual({ name: "database.log_recovered" });
    expect(alarms.warnings()).toEqual([]);
    alarms.stop();
  });

  test("raises none while the store does not answer", async () => {
    const { log, raised, alarms, pass } = watched();
    log.isDown = true;
    await pass(10);
    expect(raised).toEqual([]);
    alarms.stop();
  });
});
