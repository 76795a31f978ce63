import type { World } from "../src/world.ts";

export type TestWorld = World & { slept: number[]; advance(ms: number): void };

/**
 * Time that passes when somebody waits, and randomness that is always the same. Sleeping returns at once and is noted.
 */
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
