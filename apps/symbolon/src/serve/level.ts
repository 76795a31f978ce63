/** Of the event log, from the least to the most severe. */
export const levels = ["info", "warn", "error"] as const;
export type Level = (typeof levels)[number];
