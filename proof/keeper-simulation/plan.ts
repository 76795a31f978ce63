import { makeDice, type Dice } from "@symbolon/testing";
import { providerKinds, type ProviderKind } from "./provider/rules.ts";

/** How often what goes wrong, as probabilities per call or message; delays in milliseconds. */
export type Faults = {
  storeSlowMs: number;
  /** Only its reads are: a holder that knows of no slow write has a short lease. */
  storeWritesFast: boolean;
  /** The store does not answer, and has done nothing. */
  storeFailsBefore: number;
  /** The write has happened, and its acknowledgement is lost. */
  storeFailsAfter: number;
  /** The write is reported as failed, and happens afterwards. */
  storeAppliesLate: number;
  /** The process dies as a write leaves it, before or after the store has it. */
  diesAtWrite: number;
  /** The process stands still as a call to the store, or a POST, leaves it. */
  standsStill: number;
  netSlowMs: number;
  notSent: number;
  requestLost: number;
  answerLost: number;
  duplicated: number;
  useLost: number;
};

export const noFaults: Faults = {
  storeSlowMs: 4,
  storeWritesFast: false,
  storeFailsBefore: 0,
  storeFailsAfter: 0,
  storeAppliesLate: 0,
  diesAtWrite: 0,
  standsStill: 0,
  netSlowMs: 50,
  notSent: 0,
  requestLost: 0,
  answerLost: 0,
  duplicated: 0,
  useLost: 0,
};

/** `client`: the number of the client, and of its provider. */
export type GrantPlan = {
  kind: ProviderKind;
  client: number;
  lifetimeSeconds: number;
  userRevokes: boolean;
  weRevoke: boolean;
};

/** What one seed tries. Each seed leaves most faults out: what always happens together is seldom seen alone. */
export type Plan = {
  seed: number;
  minutes: number;
  faults: Faults;
  grants: readonly GrantPlan[];
  skewsMs: readonly number[];
  clockStepsSeconds: readonly number[];
  crashes: number;
  standstills: readonly { kind: "stopped" | "suspended"; seconds: number }[];
  storePartitions: number;
  netPartitions: number;
  /** The operator changes the client's id, wrongly, and restarts every process. */
  changesClient: boolean;
  /** Half of a record is lost in the store. */
  damagesRecord: boolean;
  /** A caller that is told that a grant has ended has the user consent again. */
  consentsAgain: boolean;
  /** A user connects again though nothing is wrong. */
  consentsUnasked: boolean;
  /** Some callers want a token that lives for a while, so that it is refreshed early. */
  asksForLife: boolean;
  episodes: readonly EpisodePlan[];
};

/**
 * A time in which the provider is not itself. `outage processes`: it acts, and answers 5xx all the same. `refuses
 * grants`: an `invalid_grant` that means nothing.
 */
export type EpisodePlan = {
  kind: "outage" | "outage processes" | "rate limit" | "refuses clients" | "refuses grants" | "401 for all";
  seconds: number;
  retryAfterSeconds: number | undefined;
};

/** One or two grants; where they are of one client, what befalls it befalls both. */
function planGrants({ chance, pick, between }: Dice): GrantPlan[] {
  const isOneClient = chance(0.4);
  const ofFirst = pick(providerKinds);
  return Array.from({ length: between(1, 2) }, (_, index) => ({
    kind: isOneClient || index === 0 ? ofFirst : pick(providerKinds),
    client: isOneClient ? 1 : index + 1,
    lifetimeSeconds: pick([60, 120, 300, 300]),
    userRevokes: chance(0.08),
    weRevoke: chance(0.05),
  }));
}

export function planOf(seed: number): { plan: Plan; dice: Dice } {
  const dice = makeDice(Math.imul(seed, 0x9e3779b1) ^ 0x2545f491);
  const { chance, pick, between } = dice;
  const sometimes = (...probabilities: number[]): number => (chance(0.6) ? 0 : pick(probabilities));
  const several = <T>(likely: number, make: () => T): T[] =>
    chance(likely) ? Array.from({ length: between(1, 2) }, make) : [];
  const plan: Plan = {
    seed,
    minutes: pick([5, 10, 25]),
    faults: {
      ...planSlowness(pick([4, 4, 200, 3000, 20_000]), seed),
      storeFailsBefore: sometimes(0.02, 0.2),
      storeFailsAfter: sometimes(0.02, 0.2),
      storeAppliesLate: sometimes(0.02, 0.1),
      diesAtWrite: sometimes(0.01, 0.05),
      standsStill: chance(0.2) ? pick([0.003, 0.02]) : 0,
      netSlowMs: pick([50, 500, 3000]),
      notSent: sometimes(0.05, 0.3),
      requestLost: sometimes(0.05, 0.3),
      answerLost: sometimes(0.1, 0.4),
      duplicated: sometimes(0.1),
      useLost: sometimes(0.1),
    },
    grants: planGrants(dice),
    skewsMs: planSkews(dice),
    clockStepsSeconds: several(0.2, () => pick([-86_400, -3600, -120, -5, 5, 120, 3600, 86_400])),
    crashes: chance(0.35) ? between(1, 4) : 0,
    standstills: several(0.25, () => ({
      kind: pick(["stopped", "suspended"] as const),
      seconds: pick([3, 20, 90, 600, 259_200]),
    })),
    storePartitions: chance(0.2) ? between(1, 2) : 0,
    netPartitions: chance(0.15) ? between(1, 2) : 0,
    changesClient: chance(0.05),
    damagesRecord: chance(0.05),
    consentsAgain: chance(0.5),
    consentsUnasked: chance(0.1),
    asksForLife: chance(0.3),
    episodes: several(0.35, () => ({
      kind: pick([
        "outage",
        "outage processes",
        "rate limit",
        "refuses clients",
        "refuses grants",
        "401 for all",
      ] as const),
      seconds: pick([2, 20, 120, 400]),
      retryAfterSeconds: chance(0.5) ? pick([1, 30, 120]) : undefined,
    })),
  };
  return { plan: { ...plan, faults: { ...plan.faults, ...planLateAnswers(plan) } }, dice };
}

/** Half of the slowest stores write fast, and read more slowly still. Its draws leave those of the seed alone. */
const planSlowness = (slowMs: number, seed: number): Pick<Faults, "storeSlowMs" | "storeWritesFast"> =>
  slowMs === 20_000 && makeDice(seed).chance(0.5)
    ? { storeSlowMs: 120_000, storeWritesFast: true }
    : { storeSlowMs: slowMs, storeWritesFast: false };

/** Only `grace` lets two holders of one token have a pair each, so processes stand still there more often. */
const planLateAnswers = ({ seed, grants }: Plan): Partial<Faults> =>
  grants.some(({ kind }) => kind === "grace") && makeDice(~seed).chance(0.5) ? { standsStill: 0.05 } : {};

const planSkews = ({ chance, between }: Dice): number[] => {
  const mostMs = chance(0.3) ? 3_600_000 : 500;
  return Array.from({ length: between(1, 4) }, () => between(-mostMs, mostMs));
};

/** Whether every process could know the time: what depends on it is not asked of those that cannot. */
export const hasGoodClocks = ({ skewsMs, clockStepsSeconds, standstills, faults }: Plan): boolean =>
  clockStepsSeconds.length === 0 &&
  standstills.length === 0 &&
  faults.standsStill === 0 &&
  skewsMs.every((skew) => Math.abs(skew) <= 500);
