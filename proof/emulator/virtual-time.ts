import type { World as ClientWorld } from "@symbolon/client";
import { stillTime, type World as EmulatorWorld } from "@symbolon/emulator";

/** One time for a client and an emulator in one process, which passes only while nothing else can happen. */
export type VirtualTime = {
  client: ClientWorld;
  emulator: EmulatorWorld;
  /** Lets time pass until `work` is done. */
  run<T>(work: Promise<T>): Promise<T>;
  pass(seconds: number): void;
};

/**
 * So many turns of the event loop an answer may take on its way through streams. Nothing here waits for threads or
 * sockets.
 */
const turns = 20;

export function virtualTime(): VirtualTime {
  type Sleeper = { atMs: number; wake(): void };
  const sleepers = new Set<Sleeper>();
  let nowMs = 0;
  let drawn = 0;

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const sleeper = { atMs: nowMs + ms, wake: resolve };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", () => sleepers.delete(sleeper) && reject(signal.reason as Error), {
        once: true,
      });
    });
  const wakeNext = (): void => {
    const next = [...sleepers].toSorted((one, other) => one.atMs - other.atMs)[0];
    if (next === undefined) throw new Error("nothing happens any more, and the work is not done");
    sleepers.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
  };
  const epochMs = (): number => stillTime * 1000 + nowMs;
  return {
    client: {
      epochMs,
      monotonicMs: () => nowMs,
      random: (length) => Uint8Array.from({ length }, () => (drawn = (drawn * 73 + 41) % 251)),
      sleep,
    },
    emulator: { epochMs, sleep },
    async run(work) {
      let isDone = false;
      const over = (): void => void (isDone = true);
      work.then(over, over);
      for (await settle(); !isDone; await settle()) wakeNext();
      return work;
    },
    pass: (seconds) => void (nowMs += seconds * 1000),
  };
}
