import {
  gcraLimiter,
  nowOf,
  standardLimits,
  StoreUnavailable,
  type Change,
  type Clock,
  type Deps,
  type GrantStore,
  type Store,
} from "@symbolon/server";
import { gatedStore, type Gate } from "./gated-store.ts";
import { config, keyringOf, startsAt } from "./registration.ts";
import type { RevokedTokens } from "./backup.ts";
import type { Oracle } from "./oracle.ts";
import type { Faults, Plan } from "./plan.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Visit } from "./visit.ts";
import type { Dice } from "./dice.ts";
import { answerCall, type Answer, type Call } from "./wire.ts";

/** Makes the hash of a trace depend on every token. */
const accessTokenIn = ({ body }: Answer): string => {
  const { access_token: token } = (body ?? {}) as { access_token?: string };
  return token === undefined ? "" : `…${token.slice(-6)}`;
};

const noPasswords: Deps["passwords"] = { hash: async (text) => text, verify: async () => false };

/** What a node shares with the other nodes. */
type Surroundings = {
  readonly scheduler: Scheduler;
  readonly oracle: Oracle;
  readonly plan: Plan;
  readonly dice: Dice;
  readonly store: Store;
  readonly faults: Faults;
  readonly revokedTokens: RevokedTokens;
  note(line: string): void;
};

/** One virtual server process: the real operations, over the shared store. A crash drops its unfinished work. */
export class ServerNode {
  readonly #world: Surroundings;
  readonly #index: number;
  readonly #clock: Clock;
  readonly #limiter: Deps["limiter"];
  /** How far its wall clock is from the true time. */
  offsetMs: number;
  /** Counts the crashes; work from before a crash does not continue. */
  #life = 0;
  #isUp = true;

  constructor(world: Surroundings, index: number, offsetMs: number) {
    this.#world = world;
    this.#index = index;
    this.offsetMs = offsetMs;
    const { scheduler } = world;
    this.#clock = {
      epochMs: () => Math.floor(startsAt * 1000 + scheduler.nowMs + this.offsetMs),
      monotonicMs: () => scheduler.nowMs,
    };
    this.#limiter = gcraLimiter(standardLimits(config.tokenRequestsPerMinute), this.#clock);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  now(): number {
    return nowOf(this.#clock);
  }

  crash(): void {
    this.#life++;
    this.#isUp = false;
    this.#world.note(`node ${this.#index} dies`);
    this.#world.scheduler.after(100 + this.#world.dice.delay(2000), () => {
      this.#isUp = true;
    });
  }

  /** Answers, or never does: then this process died meanwhile. */
  async handle(call: Call): Promise<Answer> {
    const visit = this.#world.oracle.begin(call, this.#index);
    const life = this.#life;
    const answer = await answerCall(call, this.depsFor(visit));
    if (life !== this.#life) return await new Promise(() => {});
    this.#world.note(
      `node ${this.#index} answers ${call.by} ${answer.status} ${answer.reason ?? ""}${accessTokenIn(answer)}`,
    );
    this.#world.oracle.answered(visit, answer);
    return answer;
  }

  /** The dependencies of one visit: every call to the store passes the gate, every decision is shown to the oracle. */
  depsFor(visit: Visit): Deps {
    const { world, clock } = { world: this.#world, clock: this.#clock };
    const readClock: Clock = {
      epochMs: () => {
        visit.now = nowOf(clock);
        return clock.epochMs();
      },
      monotonicMs: clock.monotonicMs,
    };
    return {
      config,
      store: this.#watched(
        visit,
        gatedStore(() => world.store, this.#gate(visit)),
      ),
      keyring: keyringOf(world.plan.rotatesKey),
      clock: readClock,
      random: world.dice.bytes,
      passwords: noPasswords,
      limiter: this.#limiter,
      emit: (event) => world.oracle.emitted(event),
    };
  }

  #watched(visit: Visit, store: Store): Store {
    const { oracle, dice, faults, revokedTokens } = this.#world;
    const find: GrantStore["find"] = async (id) => {
      const row = await store.grants.find(id);
      visit.found = row;
      return row;
    };
    const change: GrantStore["change"] = (id, decide) => {
      const { now } = visit;
      return store.grants.change(id, (before) => {
        if (dice.chance(faults.conflict)) {
          decide(structuredClone(before));
          oracle.saw("decision taken twice");
        }
        const change = decide(before);
        oracle.step(visit, { id, before, change, now });
        rememberRevokedToken(change);
        return change;
      });
      function rememberRevokedToken({ revokedToken }: Change<unknown>): void {
        if (revokedToken !== undefined)
          revokedTokens.set(Buffer.from(revokedToken.fingerprint).toString("hex"), { grant: id, ...revokedToken });
      }
    };
    return { ...store, grants: { ...store.grants, find, change } };
  }

  #gate(visit: Visit): Gate {
    const { scheduler, dice, oracle } = this.#world;
    const life = this.#life;
    return ({ name, isWrite }, perform) => {
      if (name.startsWith("grants.")) visit.grantCalls++;
      return new Promise((resolve, reject) => {
        const faults = this.#world.faults;
        const unavailable = (): void => {
          visit.storeFailed = true;
          reject(new StoreUnavailable("simulated"));
        };
        const later = (run: () => void): void =>
          scheduler.after(dice.delay(faults.storeSlowMs), () => (life === this.#life ? run() : undefined));
        later(() => {
          if (dice.chance(faults.storeFailsBefore)) {
            if (isWrite) oracle.saw("commit refused");
            return later(unavailable);
          }
          const dies = isWrite && dice.chance(faults.crash) ? dice.pick(["before", "after"] as const) : undefined;
          if (dies === "before") {
            oracle.saw("crash before commit");
            return this.crash();
          }
          const done = perform();
          if (dies === "after") {
            oracle.saw("crash after commit");
            this.crash();
          }
          const isUnknown = dice.chance(faults.storeFailsAfter);
          if (isUnknown && isWrite) oracle.saw("commit unknown, yet done");
          done.then(
            (value) => later(() => (isUnknown ? unavailable() : resolve(value))),
            (error: unknown) => later(() => reject(error as Error)),
          );
        });
      });
    };
  }
}
