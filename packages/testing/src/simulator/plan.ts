import type { ReplayPolicy } from "@symbolon/server";
import { makeDice, type Dice } from "./dice.ts";
import type { Preset } from "./token-family-model.ts";

/** Probabilities of faults, per call, per message, or per run. */
export type Faults = {
  storeSlowMs: number;
  storeFailsBefore: number;
  storeFailsAfter: number;
  /** The node dies just before or just after the store commits. */
  crash: number;
  conflict: number;
  requestLost: number;
  answerLost: number;
  duplicated: number;
  netSlowMs: number;
};

export type ClientPlan = {
  preset: Preset;
  sendsIntent: boolean;
  processes: "one" | "two with a lock" | "two without";
  audiences: readonly string[];
  cycles: number;
  /** Sends a code again when no answer came, which RFC 6749 §4.1.2 treats as theft. */
  repeatsCodes: boolean;
  revokesAccess: boolean;
  signsOut: boolean;
  /** Sleeps beyond the idle end of the grant in its last cycle. */
  oversleeps: boolean;
};

/** What one seed tries. Each seed leaves most faults out: faults that always happen together are seldom seen alone. */
export type Plan = {
  seed: number;
  faults: Faults;
  nodeSkewsMs: readonly number[];
  clients: readonly ClientPlan[];
  clockStepsSeconds: readonly number[];
  restores: boolean;
  sweeps: number;
  crashes: number;
  operatorRevokes: boolean;
  thief: boolean;
  outsider: boolean;
  machine: boolean;
  /** Another key comes into force during the run. */
  rotatesKey: boolean;
};

export const replayPolicies: Record<Preset, ReplayPolicy> = {
  lazy: { preset: "lazy" },
  window: { preset: "window", seconds: 120 },
  strict: { preset: "strict" },
};

export const audience = "https://api.example";

export function planOf(seed: number): { plan: Plan; dice: Dice } {
  const dice = makeDice(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const { chance, pick, between } = dice;
  const sometimes = (...probabilities: number[]): number => (chance(0.5) ? 0 : pick(probabilities));
  const plan: Plan = {
    seed,
    faults: {
      storeSlowMs: pick([4, 40, 300]),
      storeFailsBefore: sometimes(0.01, 0.08),
      storeFailsAfter: sometimes(0.02, 0.15),
      crash: sometimes(0.01, 0.04),
      conflict: sometimes(0.2),
      requestLost: sometimes(0.05, 0.2),
      answerLost: sometimes(0.05, 0.3),
      duplicated: sometimes(0.05, 0.2),
      netSlowMs: pick([20, 400, 1500]),
    },
    nodeSkewsMs: Array.from({ length: between(1, 3) }, () => between(-1000, 1000)),
    clients: Array.from({ length: between(1, 2) }, () => planClient(dice)),
    clockStepsSeconds: chance(0.25)
      ? Array.from({ length: between(1, 2) }, () => pick([-86_400, -3600, -120, -5, 5, 120, 3600, 86_400]))
      : [],
    restores: chance(0.25),
    sweeps: chance(0.5) ? 3 : 0,
    crashes: chance(0.3) ? between(1, 3) : 0,
    operatorRevokes: chance(0.2),
    thief: chance(0.35),
    outsider: chance(0.15),
    machine: chance(0.15),
    rotatesKey: chance(0.2),
  };
  return { plan, dice };
}

const planClient = ({ chance, pick, between }: Dice): ClientPlan => ({
  preset: pick(["lazy", "lazy", "window", "strict"]),
  sendsIntent: chance(0.4),
  processes: pick(["one", "one", "two with a lock", "two without"]),
  audiences: chance(0.3) ? [audience] : [],
  cycles: between(2, 4),
  repeatsCodes: chance(0.15),
  revokesAccess: chance(0.2),
  signsOut: chance(0.25),
  oversleeps: chance(0.05),
});
