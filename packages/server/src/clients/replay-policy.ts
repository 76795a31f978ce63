import type { ReplayPolicy } from "../applications/application.ts";
import { invalid, type Validated } from "../field-problem.ts";

const maximumWindowSeconds = 86_400;

/** Reads `lazy`, `strict` or `window:SECONDS`; absent: `lazy`. @see docs/reference/refresh-tokens.md A6 */
export function validateReplayPolicy(text: string | undefined): Validated<ReplayPolicy, "replay"> {
  if (text === undefined || text === "lazy") return { ok: true, value: { preset: "lazy" } };
  if (text === "strict") return { ok: true, value: { preset: "strict" } };
  const seconds = Number(/^window:([1-9]\d{0,5})$/.exec(text)?.[1]);
  if (seconds <= maximumWindowSeconds) return { ok: true, value: { preset: "window", seconds } };
  return invalid("replay", `must be lazy, strict or window:SECONDS (1 to ${maximumWindowSeconds})`, { value: text });
}

/** The text that `validateReplayPolicy` reads. */
export const formatReplayPolicy = (policy: ReplayPolicy): string =>
  policy.preset === "window" ? `window:${policy.seconds}` : policy.preset;
