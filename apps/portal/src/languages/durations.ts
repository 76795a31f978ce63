/** Durations in words of one language. */
export type Durations = {
  /**
   * "180 days", "1 year", "90 minutes": in the largest unit that divides it, else the largest that fits at least twice,
   * rounded down, because access must not end earlier than the page says.
   */
  lasting(seconds: number): string;
  /** "in 14 minutes". Rounded up: after it, a retry must succeed. */
  from(seconds: number): string;
};

/** `moment`: the words for less than a second. */
export function makeDurations(tag: string, moment: string): Durations {
  const relative = new Intl.RelativeTimeFormat(tag);
  const formats = new Map(
    units.map(([unit]) => [unit, new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" })]),
  );
  return {
    lasting(seconds) {
      const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
      const [unit, count] = inUnits(whole);
      return whole < 1 ? moment : formats.get(unit)!.format(count);
    },
    from(seconds) {
      const [unit, count] = inUnits(seconds < 120 ? Math.max(1, Math.ceil(seconds)) : Math.ceil(seconds / 60) * 60);
      return relative.format(count, unit);
    },
  };
}

function inUnits(whole: number): [Unit, number] {
  const [unit, length] =
    units.find(([, length]) => whole % length === 0 && isReadable(whole / length, length)) ??
    units.find(([, length]) => whole >= 2 * length) ??
    second;
  return [unit, Math.floor(whole / length)];
}

type Unit = (typeof units)[number][0];
const second = ["second", 1] as const;
const units = [["year", 365 * 86_400], ["day", 86_400], ["hour", 3600], ["minute", 60], second] as const;

/** Whether the number is small enough to understand: "735 minutes" is not. */
const isReadable = (count: number, length: number): boolean => count < 120 || length >= 86_400;
