import type { RefreshOutcome } from "../provider.ts";
import type { RotationClass } from "../../rotation-class.ts";

export const hour = 3_600_000;
export const lazy: RotationClass = { kind: "lazy" };
export const strict: RotationClass = { kind: "strict" };
export const replay: RotationClass = { kind: "replay", windowSeconds: 120 };
export const grace: RotationClass = { kind: "grace", windowSeconds: 30 };
export const timed: RotationClass = { kind: "timed", everySeconds: 86_400 };
export const none: RotationClass = { kind: "none" };
/** What a provider answers for a dead grant, and in other cases too (B8). */
export const refusal: RefreshOutcome = {
  kind: "refused",
  about: "grant",
  code: "invalid_grant",
  status: 400,
  final: false,
};
