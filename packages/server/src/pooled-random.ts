import type { Random } from "./deps.ts";

const poolLength = 4096;
/** Longer ones are secrets, and come straight from the source. */
const longestPooled = 16;

/**
 * The randomness of `source`, which takes a microsecond and a half to ask whatever the length: serial numbers and the
 * random part of identifiers are fetched many at a time. No byte is handed out twice, and none handed out stays in the
 * pool.
 */
export function pooledRandom(source: Random): Random {
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (length > longestPooled) return source(length);
    if (used + length > pool.length) {
      pool = source(poolLength);
      used = 0;
    }
    const taken = Uint8Array.from(pool.subarray(used, used + length));
    pool.fill(0, used, used + length);
    used += length;
    return taken;
  };
}
