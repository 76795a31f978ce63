import { withHeaders, type EmulatorResponse } from "../wire/message.ts";

/** The header that marks an answer as resting on an assumption. */
export const assumptionHeader = "x-emulator-assumption";

/**
 * Marks an answer as resting on assumptions, by their ids: the provider's behaviour is not publicly known
 * (docs/emulator.md).
 */
export function markAssumptions(answer: EmulatorResponse, ...ids: readonly string[]): EmulatorResponse {
  const marked = [...new Set([...(answer.headers[assumptionHeader]?.split(", ") ?? []), ...ids])];
  return marked.length === 0 ? answer : withHeaders(answer, { [assumptionHeader]: marked.join(", ") });
}

/** An assumption about a provider, and the setting that changes it. */
export type Assumption = {
  /** What is assumed. */
  description: string;
  /** The setting that changes it, or `none`. */
  setting: string;
};
