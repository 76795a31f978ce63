import type { World } from "../../world.ts";

/** A world whose time passes only while nothing else can happen. */
export type VirtualWorld = World & {
  /** Runs what was begun until `work` is done, letting time pass for sleeping code. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets this much time pass, and runs everything that is due in it. */
  pass(ms: number): Promise<void>;
  /** Sets the wall clock forward or back. */
  stepWall(ms: number): void;
  /** The same time, seen by a process whose wall clock is off by `ms`. */
  skewed(ms: number): World;
};

/** Time begins at 2027-01-15, and randomness is a sequence that never changes. */
export function virtualWorld(seed = 1): VirtualWorld {
  type Sleeper = { atMs: number; wake(): void };
  let nowMs = 0;
  let wallMs = 1_800_000_000_000;
  let state = seed;
  const sleepers = new Set<Sleeper>();

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const wakeNext = (untilMs: number): boolean => {
    const next = [...sleepers].reduce<Sleeper | undefined>(
      (first, one) => (first === undefined || one.atMs < first.atMs ? one : first),
      undefined,
    );
    if (next === undefined || next.atMs > untilMs) return false;
    sleepers.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    return true;
  };
  const byte = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 24;
  };

  const world: VirtualWorld = {
    epochMs: () => wallMs + nowMs,
    monotonicMs: () => nowMs,
    random: (length) => Uint8Array.from({ length }, byte),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { atMs: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => sleepers.delete(sleeper) && reject(signal.reason), { once: true });
      }),
    async run(work) {
      let done = false;
      const finished = work.finally(() => (done = true));
      finished.catch(() => undefined);
      for (let idle = 0; !done;) {
        await settle();
        idle = done || wakeNext(Infinity) ? 0 : idle + 1;
        if (idle > 100) throw new Error("nothing happens any more, and the work is not done");
      }
      return finished;
    },
    async pass(ms) {
      const untilMs = nowMs + ms;
      do await settle();
      while (wakeNext(untilMs));
      nowMs = untilMs;
    },
    stepWall(ms) {
      wallMs += ms;
    },
    skewed: (ms) => ({ ...world, epochMs: () => world.epochMs() + ms }),
  };
  return world;
}
