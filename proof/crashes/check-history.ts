import type { Step } from "./history.ts";

/** An invariant of faults.md §1 that the history of a grant violates. */
export type Violation = { invariant: "I1" | "I2" | "I3" | "I4" | "I5" | "I6"; message: string };

/**
 * Checks what the clients of one grant, of an application under `lazy`, saw: could the server have processed the
 * requests in some order with these results? Knows nothing of crashes: a crash explains `unknown`, and nothing else.
 */
export function checkHistory(steps: readonly Step[]): Violation[] {
  return rules.flatMap((rule) => rule(steps));
}

type Rule = (steps: readonly Step[]) => Violation[];
type Invariant = Violation["invariant"];

const breach = (invariant: Invariant, message: string): Violation[] => [{ invariant, message }];
const isBefore = (one: Step, other: Step): boolean => one.to < other.from;
const mayPrecede = (one: Step, other: Step): boolean => one !== other && one.from < other.to;
const generationGiven = ({ outcome }: Step): number => (outcome.is === "tokens" ? outcome.generation : 0);

const codeIsRedeemedOnce: Rule = (steps) => {
  const redeemed = steps.filter(({ ask, outcome }) => ask.kind === "redeem" && outcome.is === "tokens");
  return redeemed.length > 1 ? breach("I1", `the code was redeemed ${redeemed.length} times`) : [];
};

const successorIsOne: Rule = (steps) => {
  const names = new Map<number, string>();
  return steps.flatMap(({ ask, outcome }) => {
    if (outcome.is !== "tokens") return [];
    const expected = ask.kind === "refresh" ? ask.generation + 1 : 1;
    if (outcome.generation !== expected)
      return breach("I2", `generation ${expected} was due and ${outcome.generation} came`);
    const name = names.get(expected) ?? outcome.refreshToken;
    names.set(expected, name);
    return name === outcome.refreshToken ? [] : breach("I2", `generation ${expected} has two names`);
  });
};

/**
 * A refusal needs a reason that some client gave: a revocation, a code that came twice, a spent token after delivery.
 */
const everyRefusalHasACause: Rule = (steps) =>
  steps.flatMap((step) => {
    const { ask, outcome } = step;
    const isEnd = outcome.is === "refused" || (outcome.is === "verdict" && !outcome.active);
    if (!isEnd || steps.some((cause) => mayEnd(cause, step, steps))) return [];
    if (ask.kind === "introspect" && isSuperseded(ask.generation, step, steps)) return [];
    const wasAcknowledged =
      "generation" in ask && steps.some((given) => isBefore(given, step) && generationGiven(given) === ask.generation);
    return breach(wasAcknowledged ? "I4" : "I3", `${ask.kind} was refused without a cause`);
  });

/** Whether `cause` may have ended the grant by the time of `end`. */
function mayEnd(cause: Step, end: Step, steps: readonly Step[]): boolean {
  const { ask } = cause;
  if (cause !== end && !mayPrecede(cause, end)) return false;
  if (ask.kind === "revoke") return true;
  if (ask.kind === "redeem") return steps.some((other) => other.ask.kind === "redeem" && mayPrecede(other, cause));
  return ask.kind === "refresh" && isSuperseded(ask.generation, cause, steps);
}

/** Whether the successor of a generation may have been used by then, at the latest while `step` was under way. */
const isSuperseded = (generation: number, step: Step, steps: readonly Step[]): boolean =>
  steps.some((other) => "generation" in other.ask && other.ask.generation > generation && mayPrecede(other, step));

/** The row is never older than what was acknowledged before it was read. */
const rowKeepsWhatWasAcknowledged: Rule = (steps) =>
  steps.flatMap((look) => {
    if (look.outcome.is !== "row") return [];
    const { state, generation } = look.outcome;
    const before = steps.filter((step) => isBefore(step, look));
    const promised = Math.max(0, ...before.map(generationGiven));
    if (state === "gone") return breach("I4", "the row is gone");
    if (promised > generation)
      return breach("I4", `generation ${promised} was acknowledged, and the row has ${generation}`);
    if (promised > 0 && state === "offered") return breach("I4", "the code was redeemed, and the row is offered again");
    const isRevoked = before.some(({ ask, outcome }) => ask.kind === "revoke" && outcome.is === "done");
    return isRevoked && state !== "revoked" ? breach("I4", "the acknowledged revocation is not in the row") : [];
  });

const nothingLivesAfterRevocation: Rule = (steps) => {
  const revocations = steps.filter(({ ask, outcome }) => ask.kind === "revoke" && outcome.is === "done");
  return steps.flatMap((step) => {
    const isAlive = step.outcome.is === "tokens" || (step.outcome.is === "verdict" && step.outcome.active);
    const isAfter = revocations.some((revocation) => isBefore(revocation, step));
    return isAlive && isAfter ? breach("I5", `${step.ask.kind} succeeded after the acknowledged revocation`) : [];
  });
};

const inactiveStaysInactive: Rule = (steps) =>
  steps.flatMap((dead) => {
    if (dead.outcome.is === "refused" && dead.ask.kind === "refresh") return revived(dead, steps, "refresh");
    if (dead.outcome.is === "verdict" && !dead.outcome.active) return revived(dead, steps, "introspect");
    return [];
  });

/** A refused refresh token that works again, or an inactive access token that is active again. */
function revived(dead: Step, steps: readonly Step[], kind: "refresh" | "introspect"): Violation[] {
  if (!("generation" in dead.ask)) return [];
  const { generation } = dead.ask;
  const again = steps.find((step) => {
    const isSame = step.ask.kind === kind && "generation" in step.ask && step.ask.generation === generation;
    const isAlive = step.outcome.is === "tokens" || (step.outcome.is === "verdict" && step.outcome.active);
    return isSame && isAlive && isBefore(dead, step);
  });
  return again === undefined ? [] : breach("I6", `what ${kind} of generation ${generation} found dead was alive later`);
}

const rules: readonly Rule[] = [
  codeIsRedeemedOnce,
  successorIsOne,
  everyRefusalHasACause,
  rowKeepsWhatWasAcknowledged,
  nothingLivesAfterRevocation,
  inactiveStaysInactive,
];
