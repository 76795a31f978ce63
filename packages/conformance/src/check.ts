import type { Subject } from "./subject.ts";

/** `must` and `should` are the RFC's words; `observed` has no right answer, and says what the server does. */
export type Level = "must" | "should" | "observed";

export type Verdict = {
  /**
   * `undecided`: the server answered something that proves neither; `not_offered`: it does not claim to do that at all.
   */
  outcome: "pass" | "fail" | "observed" | "undecided" | "not_offered";
  /** What was seen, in a few words. Never holds a token. */
  detail: string;
};

export type Check = {
  id: string;
  clause: string;
  level: Level;
  /** What a server that passes does. */
  says: string;
  run(subject: Subject): Promise<Verdict>;
};

export const pass = (detail: string): Verdict => ({ outcome: "pass", detail });
export const fail = (detail: string): Verdict => ({ outcome: "fail", detail });
export const observed = (detail: string): Verdict => ({ outcome: "observed", detail });
export const undecided = (detail: string): Verdict => ({ outcome: "undecided", detail });
export const notOffered = (detail: string): Verdict => ({ outcome: "not_offered", detail });

export const verdict = (isKept: boolean, detail: string): Verdict => (isKept ? pass(detail) : fail(detail));
