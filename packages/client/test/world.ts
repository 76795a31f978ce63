import type { World } from "../src/world.ts";

export type TestWorld = World & { slept: number[]; advance(ms: number): void };

/** A clock that advances only by `sleep`, which returns at once and is recorded in `slept`, and constant randomness. */
export function makeWorld(start = Date.parse("2026-11-25T12:00:00Z")): TestWorld {
  let elapsed = 0;
  const slept: number[] = [];
  return {
    slept,
    advance: (ms) => void (elapsed += ms),
    epochMs: () => start + elapsed,
    monotonicMs: () => elapsed,
    random: (length) => new Uint8Array(length),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      elapsed += ms;
    },
  };
}
