import { withHeaders, type Answer } from "../wire/message.ts";

/** The header of an answer that rests on a guess. */
export const assumptionHeader = "x-emulator-assumption";

/**
 * Marks an answer as resting on guesses, by their ids: what a provider does there is not publicly known
 * (docs/emulator.md).
 */
export function assuming(answer: Answer, ...ids: readonly string[]): Answer {
  const marked = [...new Set([...(answer.headers[assumptionHeader]?.split(", ") ?? []), ...ids])];
  return marked.length === 0 ? answer : withHeaders(answer, { [assumptionHeader]: marked.join(", ") });
}

/** What is assumed, and the setting that changes it. */
export type Assumption = { says: string; setting: string };
