import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeClock } from "@symbolon/testing";
import { alarmingLogBytes, startAlarms, type Alarm } from "../src/serve/alarms.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Alarms over a clock and a log that a test moves. */
function watched() {
  const clock = fakeClock();
  const log = { bytes: 0, isDown: false };
  const raised: Alarm[] = [];
  const logBacklogBytes = async (): Promise<number> => {
    if (log.isDown) throw new Error("no answer");
    return log.bytes;
  };
  const alarms = startAlarms(clock, { logBacklogBytes }, (alarm) => raised.push(alarm));
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      clock.advanceSeconds(1);
      await vi.advanceTimersByTimeAsync(1000);
    }
  };
  return { clock, log, raised, alarms, pass };
}

describe("R-19: the wall clock is watched", () => {
  test.each([31, -31, 3600, -86_400])("a step of %i s is an alarm, once, with its size", async (seconds) => {
    const { clock, raised, alarms, pass } = watched();
    await pass(10);
    clock.stepWallSeconds(seconds);
    await pass(10);
    expect(raised).toEqual([{ name: "clock.stepped", bySeconds: seconds }]);
    alarms.stop();
  });

  test("steps of 30 s and less, and hours that pass, are none", async () => {
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

describe("R-09: the write-ahead log is watched", () => {
  test("one that has grown too large is an alarm, again every minute, and a warning until it has shrunk", async () => {
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

  test("a store that does not answer raises nothing of its own", async () => {
    const { log, raised, alarms, pass } = watched();
    log.isDown = true;
    await pass(10);
    expect(raised).toEqual([]);
    alarms.stop();
  });
});
