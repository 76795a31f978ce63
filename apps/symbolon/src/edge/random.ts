import { randomBytes } from "node:crypto";
import { pooledRandom, type Random } from "@symbolon/server";

/** The randomness of the operating system. */
export const systemRandom: Random = pooledRandom((length) => randomBytes(length));
