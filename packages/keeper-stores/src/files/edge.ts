import { randomBytes } from "node:crypto";

/**
 * Where this store touches time and chance: to name what it writes, and to tell what a killed process left long ago.
 */
export const newName = (): string => randomBytes(8).toString("hex");

export const epochMs = (): number => Date.now();
