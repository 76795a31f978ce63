import type { Subject } from "./subject.ts";

/** `must` and `should` as in the RFC. `observed`: there is no right answer; the report says what the server does. */
export type Level = "must" | "should" | "observed";

export type Verdict = {
  /** `undecided`: the response proves neither. `not_offered`: the server does not claim the feature. */
  outcome: "pass" | "fail" | "observed" | "undecided" | "not_offered";
  /** What was observed, in short. Never contains a token. */
  detail: string;
};

export type Check = {
  id: string;
  clause: string;
  level: Level;
  /** What a server that passes does, as a sentence. */
  requirement: string;
  run(subject: Subject): Promise<Verdict>;
};

export const pass = (detail: string): Verdict => ({ outcome: "pass", detail });
export const fail = (detail: string): Verdict => ({ outcome: "fail", detail });
export const observed = (detail: string): Verdict => ({ outcome: "observed", detail });
export const undecided = (detail: string): Verdict => ({ outcome: "undecided", detail });
export const notOffered = (detail: string): Verdict => ({ outcome: "not_offered", detail });

export const verdict = (isKept: boolean, detail: string): Verdict => (isKept ? pass(detail) : fail(detail));
