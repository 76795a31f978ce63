import type { GrantId } from "@symbolon/protocol";

/** What a client asked of one grant; `generation` is that of the token which it presented. */
export type Ask =
  | { kind: "redeem" }
  | { kind: "refresh"; generation: number }
  | { kind: "introspect"; generation: number }
  | { kind: "revoke" }
  /** Not a request: the test read the database. */
  | { kind: "look" };

/** The answer. `unknown`: none, or 503; the server may have done it or not. */
export type Outcome =
  | { is: "tokens"; generation: number; refreshToken: string }
  | { is: "verdict"; active: boolean }
  | { is: "done" }
  | { is: "row"; state: "offered" | "active" | "revoked" | "gone"; generation: number }
  | { is: "refused" }
  | { is: "unknown" };

/**
 * `from` and `to` count moments of one clock that all clients share: something that ended before another began was
 * first.
 */
export type Step = { ask: Ask; from: number; to: number; outcome: Outcome };

/** Writes down what clients see, grant by grant. */
export class History {
  readonly #steps = new Map<GrantId, Step[]>();
  #moment = 0;

  /** Calls `work` and records its outcome. An exception of `work` is a broken test, not an outcome. */
  async note(grant: GrantId, ask: Ask, work: () => Promise<Outcome>): Promise<Outcome> {
    const step: Step = { ask, from: this.#moment++, to: Number.POSITIVE_INFINITY, outcome: { is: "unknown" } };
    this.stepsOf(grant).push(step);
    step.outcome = await work();
    step.to = this.#moment++;
    return step.outcome;
  }

  stepsOf(grant: GrantId): Step[] {
    const known = this.#steps.get(grant);
    if (known !== undefined) return known;
    const steps: Step[] = [];
    this.#steps.set(grant, steps);
    return steps;
  }

  grants(): GrantId[] {
    return [...this.#steps.keys()];
  }

  forget(grant: GrantId): void {
    this.#steps.delete(grant);
  }
}
