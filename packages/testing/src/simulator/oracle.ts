import { covers, type Reason } from "@symbolon/protocol";
import type { ServerEvent } from "@symbolon/server";
import { checkAnswer } from "./answer-checks.ts";
import { Books, type GrantFacts, type TokenFacts } from "./books.ts";
import type { RareState } from "./rare-states.ts";
import { checkStep } from "./step-checks.ts";
import type { Findings, Step, Visit } from "./visit.ts";
import type { Answer, Call } from "./wire.ts";

/**
 * Watches everything and knows what must hold (faults.md §1, refresh-tokens.md A8):
 *
 * | invariant | checked | how |
 * |---|---|---|
 * | I1 | each redemption answered | a code has brought tokens at most once |
 * | I2 S1 S2 | each step, each refresh answered | the committed step is the model's; a spent token brings one successor, the model's head |
 * | I3 S3 | each revocation committed, each refusal of an honest client, the end | an undisturbed client is refused only after a sign-out, an operator or an expiry |
 * | I4 | each answer | what a 200 says is committed by then: generation, redemption, revocation, first use |
 * | I5 S4 | each answer | a token whose end was acknowledged before the call began is inactive, on every server |
 * | I6 | each answer | what was inactive, other than by the clock, stays so |
 * | I7 S6 | each token, each introspection | scope and audience within the consent, and as they were issued |
 * | I8 S7 | the end | no row holds anything that can be presented |
 * | I9 | each answer | nothing but StoreUnavailable is thrown |
 * | I10 S8 | each answer | 503 if and only if the store failed |
 * | S5 | each answer | a refused call has written nothing, but for the counters and verdicts of the state table |
 *
 * A restored backup takes all of this back to what it was then (docs/operating.md); the model and the books go with it.
 */
export class Oracle implements Findings {
  readonly books = new Books();
  readonly sightings = new Map<RareState, number>();
  /** The first thing that should not have been. */
  violation: string | undefined;
  hasClockMoved = false;
  readonly #stop: () => void;
  readonly #note: (line: string) => void;

  constructor(stop: () => void, note: (line: string) => void) {
    this.#stop = stop;
    this.#note = note;
  }

  fail(invariant: string, says: string): void {
    if (this.violation !== undefined) return;
    this.violation = `${invariant}: ${says}`;
    this.#note(`VIOLATION ${this.violation}`);
    this.#stop();
  }

  saw(state: RareState): void {
    this.sightings.set(state, (this.sightings.get(state) ?? 0) + 1);
  }

  begin(call: Call, node: number): Visit {
    const { form, authorization } = call;
    const texts = [
      form["code"],
      form["refresh_token"],
      form["token"],
      authorization.replace(/^Bearer /, ""),
      ...(form["tokens"]?.split(" ") ?? []),
    ];
    const known = texts.flatMap((text) => this.books.tokens.get(text ?? "") ?? []);
    const dead = new Set(
      known.filter(
        (facts) =>
          facts.isDead || facts.wasInactive || facts.grant?.isRevocationAcknowledged === true || isSuperseded(facts),
      ),
    );
    return {
      call,
      node,
      era: this.books.era,
      now: 0,
      known,
      dead,
      died: new Set(),
      storeFailed: false,
      grantCalls: 0,
      writes: 0,
      found: undefined,
    };
  }

  step(visit: Visit | undefined, step: Step): void {
    checkStep(this, visit, step);
  }

  answered(visit: Visit, answer: Answer): void {
    checkAnswer(this, visit, answer);
  }

  /** Whether what ended this grant may be called theft. */
  mayBeTakenForTheft({ disturbed, hasStrays, model }: GrantFacts): boolean {
    return disturbed !== undefined || (this.hasClockMoved && (hasStrays || model.preset === "window"));
  }

  /** An honest client was told `invalid_grant`; S3 says when that may be. */
  refusedHonest(grant: GrantFacts, reason: Reason | undefined, hasRivals: boolean): void {
    const isExcused =
      grant.disturbed !== undefined ||
      (reason === "grant_revoked" && grant.model.isRevoked) ||
      (reason === "grant_unknown" && (grant.isLost || grant.model.isRevoked)) ||
      (reason === "refresh_token_late_retry" && hasRivals) ||
      (reason === "refresh_token_reuse" && this.mayBeTakenForTheft(grant)) ||
      reason === "grant_expired"; // compared with the model when it was decided
    if (!isExcused) this.fail("I3 S3", `an honest client was refused: ${reason}`);
  }

  emitted(event: ServerEvent): void {
    const state = stateOfEvent[event.name];
    if (state !== undefined) this.saw(state);
  }

  isWithin(grant: GrantFacts, scope: readonly string[], audiences: readonly string[]): boolean {
    return covers(grant.scope, scope) && (grant.audiences.length === 0 || covers(grant.audiences, audiences));
  }
}

/** Under `lazy` an older access token ends with the delivery of its successor (refresh-tokens.md A6). */
const isSuperseded = ({ kind, grant, generation }: TokenFacts): boolean =>
  kind === "access" &&
  grant?.model.preset === "lazy" &&
  generation < grant.model.head &&
  (grant.model.isDelivered || generation < grant.model.head - 1);

const stateOfEvent: Partial<Record<ServerEvent["name"], RareState>> = {
  "refresh.reuse_detected": "reuse detected",
  "refresh.late_retry": "late retry",
  "refresh.window_closed": "window closed by time",
  "grant.expired": "grant expired",
  "token.revoked": "token revoked singly",
};
