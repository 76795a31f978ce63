import type { Store } from "@symbolon/server";
import { takeBackup, type Backup, type RevokedTokens } from "./backup.ts";
import type { Dice } from "./dice.ts";
import { Oracle } from "./oracle.ts";
import type { Faults, Plan } from "./plan.ts";
import { Scheduler } from "./scheduler.ts";
import { ServerNode } from "./server-node.ts";
import type { Trace } from "./trace.ts";
import type { Answer, Call } from "./wire.ts";

/** How long a client waits for an answer; a request is under way for hardly longer. */
export const deadlineMs = 5000;

const noFaults: Faults = {
  storeSlowMs: 4,
  storeFailsBefore: 0,
  storeFailsAfter: 0,
  crash: 0,
  conflict: 0,
  requestLost: 0,
  answerLost: 0,
  duplicated: 0,
  netSlowMs: 20,
};

/** Servers over one store, a network between them and their callers, and one virtual time. */
export class SimulatedWorld {
  readonly scheduler = new Scheduler();
  readonly oracle: Oracle;
  readonly nodes: readonly ServerNode[];
  readonly plan: Plan;
  readonly dice: Dice;
  readonly revokedTokens: RevokedTokens = new Map();
  store: Store;
  faults: Faults;
  readonly #trace: Trace;

  constructor(plan: Plan, dice: Dice, store: Store, trace: Trace) {
    this.plan = plan;
    this.dice = dice;
    this.store = store;
    this.faults = plan.faults;
    this.#trace = trace;
    this.oracle = new Oracle(
      () => this.scheduler.stop(),
      (line) => this.note(line),
    );
    this.nodes = plan.nodeSkewsMs.map((skew, index) => new ServerNode(this, index, skew));
  }

  note(line: string): void {
    this.#trace.note(this.scheduler.nowMs, line);
  }

  /** Runs concurrently with the other actors; an error ends the run. */
  start(name: string, run: () => Promise<void>): void {
    run().catch((error: unknown) =>
      this.oracle.fail("simulator", `${name}: ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  clocksDifferBySeconds(): number {
    const times = this.nodes.map((node) => node.now());
    return Math.max(...times) - Math.min(...times);
  }

  /** Ends all faults. */
  heal(): void {
    this.faults = noFaults;
    this.note("everything heals");
  }

  /** Sends to any server that is up; `undefined` if no answer came in time. */
  send(call: Call): Promise<Answer | undefined> {
    const { dice, faults, scheduler } = this;
    this.note(`${call.by} sends ${call.endpoint} ${call.form["grant_type"] ?? ""}`);
    return new Promise((resolve) => {
      scheduler.after(deadlineMs, () => resolve(undefined));
      if (!dice.chance(faults.requestLost)) {
        this.#deliver(call, (answer) => {
          if (!dice.chance(this.faults.answerLost))
            scheduler.after(dice.delay(this.faults.netSlowMs), () => resolve(answer));
        });
      }
      if (dice.chance(faults.duplicated)) this.#deliverCopy(call);
    });
  }

  /** Sends the same request once more and ignores the answer. */
  #deliverCopy(call: Call): void {
    this.note(`${call.by} is duplicated`);
    const presented = this.oracle.books.tokens.get(call.form["refresh_token"] ?? call.form["code"] ?? "");
    if (presented?.grant !== undefined) {
      presented.grant.hasStrays = true;
      if (presented.kind === "code" || presented.grant.model.preset === "strict")
        presented.grant.disturbed ??= "a copy of a spent token";
    }
    this.#deliver({ ...call, isCopy: true }, () => {});
  }

  #deliver(call: Call, answered: (answer: Answer) => void): void {
    this.scheduler.after(this.dice.delay(this.faults.netSlowMs), () => {
      const up = this.nodes.filter((node) => node.isUp);
      if (up.length === 0) return;
      this.start(call.by, async () => answered(await this.dice.pick(up).handle(call)));
    });
  }

  /** A copy of the store now; restoring it later stops every server, as the documents ask. */
  async backUp(): Promise<() => Promise<void>> {
    const backup: Backup = await takeBackup(this.store, this.revokedTokens);
    const remembered = new Map(this.revokedTokens);
    const recall = this.oracle.books.remember(backup.rows);
    this.note("a backup is taken");
    return async () => {
      for (const node of this.nodes) node.crash();
      this.store = await backup.bring();
      this.revokedTokens.clear();
      for (const [key, value] of remembered) this.revokedTokens.set(key, value);
      const wasRevoked = [...this.oracle.books.grants.values()].filter(
        ({ isRevocationAcknowledged }) => isRevocationAcknowledged,
      );
      recall();
      if (wasRevoked.some(({ isRevocationAcknowledged }) => !isRevocationAcknowledged))
        this.oracle.saw("revocation undone by a restore");
      this.oracle.saw("restore");
      this.note("the backup is restored");
    };
  }
}
