/**
 * Seconds in words a person plans with: "180 days", "1 year", "90 minutes". The largest unit that comes out even; else
 * the largest that fits twice, rounded down, so that nothing is promised longer than it lasts.
 */
export function duration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  if (whole < 1) return "a moment";
  const [name, length] =
    units.find(([, length]) => whole % length === 0 && isHandy(whole / length, length)) ??
    units.find(([, length]) => whole >= 2 * length) ??
    second;
  const count = Math.floor(whole / length);
  return `${count.toLocaleString("en")} ${count === 1 ? name : `${name}s`}`;
}

/** The time to wait, rounded up: coming back then must not be too early. */
export const wait = (seconds: number): string =>
  duration(seconds < 120 ? Math.ceil(seconds) : Math.ceil(seconds / 60) * 60);

/** How long an access lasts, said to the person who allows it. */
export function lasting(absoluteSeconds: number, idleSeconds: number): string {
  const longest = `Until it is ended, at most ${duration(absoluteSeconds)}.`;
  return idleSeconds < absoluteSeconds ? `${longest} Ends sooner after ${duration(idleSeconds)} without use.` : longest;
}

const second = ["second", 1] as const;
const units = [["year", 365 * 86_400], ["day", 86_400], ["hour", 3600], ["minute", 60], second] as const;

/** "735 minutes" leaves no rest either, and tells nobody anything. */
const isHandy = (count: number, length: number): boolean => count < 120 || length >= 86_400;
