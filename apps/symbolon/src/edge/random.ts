import { randomBytes } from "node:crypto";
import type { Random } from "@symbolon/server";

/** The randomness of the operating system. */
export const systemRandom: Random = (length) => randomBytes(length);
