import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Store } from "@symbolon/server";
import { startSweeping } from "../src/serve/sweep-timer.ts";
import { systemClock } from "../src/edge/clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sweeping a store whose `sweep` answers these numbers, one after the other, then 0. */
function sweeping(answers: (number | Error)[]) {
  const sweep = vi.fn<Store["sweep"]>(async () => {
    const answer = answers.shift() ?? 0;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const failures: string[] = [];
  const stop = startSweeping(
    { store: { sweep }, clock: { provenMs: systemClock.epochMs } },
    (cause) => void failures.push(cause),
  );
  return { sweep, stop, failures };
}

describe("sweeping while the server runs", () => {
  test("pauses for a shorter time after a batch that removed rows", async () => {
    const { sweep, stop } = sweeping([50, 50, 3]);
    await vi.advanceTimersByTimeAsync(300);
    expect(sweep).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(100);
    expect(sweep).toHaveBeenCalledTimes(4);
    expect(sweep.mock.calls.every(([, limit]) => limit === 50)).toBe(true);
    await vi.advanceTimersByTimeAsync(900);
    expect(sweep).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(100);
    expect(sweep).toHaveBeenCalledTimes(5);
    await stop();
  });

  test("reports a failed batch and tries again later", async () => {
    const { sweep, stop, failures } = sweeping([new Error("disk full")]);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(failures).toEqual(["disk full"]);
    expect(sweep).toHaveBeenCalledTimes(2);
    await stop();
  });

  test("stops on request", async () => {
    const { sweep, stop } = sweeping([]);
    await stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sweep).not.toHaveBeenCalled();
  });
});
