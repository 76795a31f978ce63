import { randomBytes } from "node:crypto";

/** A random name for a file that is being written: 16 hex digits. */
export const newName = (): string => randomBytes(8).toString("hex");

/** Wall-clock time, to find what a killed process left behind long ago. */
export const epochMs = (): number => Date.now();
