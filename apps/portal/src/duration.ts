/**
 * A duration in words: "180 days", "1 year", "90 minutes". Uses the largest unit that divides it, else the largest that
 * fits at least twice, rounded down: access must not end earlier than the page says.
 */
export function duration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  if (whole < 1) return "a moment";
  const [name, length] =
    units.find(([, length]) => whole % length === 0 && isReadable(whole / length, length)) ??
    units.find(([, length]) => whole >= 2 * length) ??
    second;
  const count = Math.floor(whole / length);
  return `${count.toLocaleString("en")} ${count === 1 ? name : `${name}s`}`;
}

/** A time to wait, rounded up: after it, a retry must succeed. */
export const describeWait = (seconds: number): string =>
  duration(seconds < 120 ? Math.ceil(seconds) : Math.ceil(seconds / 60) * 60);

/** How long the access lasts, for the consent page. */
export function describeLifetime(absoluteSeconds: number, idleSeconds: number): string {
  const longest = `Until it is ended, at most ${duration(absoluteSeconds)}.`;
  return idleSeconds < absoluteSeconds ? `${longest} Ends sooner after ${duration(idleSeconds)} without use.` : longest;
}

const second = ["second", 1] as const;
const units = [["year", 365 * 86_400], ["day", 86_400], ["hour", 3600], ["minute", 60], second] as const;

/** Whether the number is small enough to understand: "735 minutes" is not. */
const isReadable = (count: number, length: number): boolean => count < 120 || length >= 86_400;
