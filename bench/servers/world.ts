import { randomBytes } from "node:crypto";
import { pooledRandom, type Clock, type Random } from "@symbolon/server";

/** The clock and the randomness that the real command uses. */
export const systemClock: Clock = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemRandom: Random = pooledRandom((length) => randomBytes(length));
