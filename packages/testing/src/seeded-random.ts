import type { Random } from "@symbolon/server";

/** Random bytes and, for simulations, whole numbers below a limit, both determined by a seed. Not fit for secrets. */
export type SeededRandom = Random & { below(limit: number): number };

/** mulberry32: 32 bits of state, enough for tests. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const bytes: Random = (length) => Uint8Array.from({ length }, () => next() >>> 24);
  return Object.assign(bytes, { below: (limit: number) => Math.floor((next() / 2 ** 32) * limit) });
}
