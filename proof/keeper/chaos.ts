import { seededRandom, type SeededRandom } from "@symbolon/testing";
import { checkHistory, lateSends } from "./check-history.ts";
import { describe } from "./expiries.ts";
import { mishaps, type Mishap } from "./provider.ts";
import { openStage, type Stage, type StageOptions, type StoreKind } from "./stage.ts";

export type ChaosReport = {
  kind: StoreKind;
  processes: number;
  rounds: number;
  kills: number;
  suspensions: number;
  /** Of POSTs: by rule and outcome; and how many answers were spoiled on the way. */
  posts: Record<string, number>;
  spoiled: number;
  /** Spent tokens that a process sent because it had been stopped just before: see check-history.ts. */
  lateSends: number;
  /** What callers got, by rule: 200, or the keeper's code. */
  callers: Record<string, number>;
  /** Grants of class S that the provider ended. */
  strictEnded: number;
  violations: string[];
  /** The latest reports of the processes, once there is a violation. */
  reports: string[];
  seconds: number;
};

export type ChaosOptions = StageOptions & { rounds: number; seed?: number; onRound?: (report: ChaosReport) => void };

const hourMs = 3_600_000;

/**
 * The same crew while processes are killed and stopped, answers lost, writes slow and clocks wrong by up to an hour.
 */
export async function wreak({ rounds, onRound = () => {}, seed = 1, ...options }: ChaosOptions): Promise<ChaosReport> {
  const startedMs = performance.now();
  // How many answers there will be is up to the machine, so what befalls the processes is drawn apart: the seed alone
  // decides it.
  const [random, ofAnswers] = [seededRandom(seed), seededRandom(seed + 1)];
  const skewsMs = Array.from({ length: options.processes }, (_, place) =>
    place === 0 ? 0 : random.below(2 * hourMs) - hourMs,
  );
  const stage = await openStage({ deadlineMs: 600, stallMs: 1000, stallShare: 0.02, pace: 4, ...options, skewsMs });
  const report: ChaosReport = {
    kind: options.kind,
    processes: options.processes,
    rounds: 0,
    kills: 0,
    suspensions: 0,
    posts: {},
    spoiled: 0,
    lateSends: 0,
    callers: {},
    strictEnded: 0,
    violations: [],
    reports: [],
    seconds: 0,
  };
  try {
    stage.provider.mishap = () => drawMishap(ofAnswers);
    while (report.rounds < rounds && report.violations.length === 0) {
      await roughRound(stage, random, options.processes, report);
      report.strictEnded += (await stage.consentAgain()).length;
      report.rounds++;
      report.violations = checkHistory(stage.history()).map(describe);
      if (report.violations.length > 0)
        report.reports = stage
          .history()
          .heard.filter(({ say }) => say === "event")
          .slice(-toldLast)
          .map((one) => JSON.stringify(one));
      report.seconds = (performance.now() - startedMs) / 1000;
      tally(stage, report);
      onRound(report);
    }
    await calm(stage, report);
    tally(stage, report);
    report.violations.push(...checkHistory(stage.history()).map(describe));
    report.violations = [...new Set(report.violations)];
    report.seconds = (performance.now() - startedMs) / 1000;
    return report;
  } finally {
    await stage.stop();
  }
}

const toldLast = 40;

/** One in five answers is spoiled. */
const drawMishap = (random: SeededRandom): Mishap | undefined =>
  random.below(5) === 0 ? mishaps[random.below(mishaps.length)] : undefined;

/** How long a process is stopped, in real time: 8 to 24 s of the common clock, where a lease lasts for 12.6 s. */
const [shortestStopMs, longestStopMs] = [2000, 6000];

/**
 * While the processes work through one expiry, one may be killed, and one stopped. Then the places are filled again.
 */
async function roughRound(stage: Stage, random: SeededRandom, processes: number, report: ChaosReport): Promise<void> {
  const { crew } = stage;
  const working = stage.round([0.3, 0.97, 1.05, 2.5][random.below(4)]!);
  const trouble: Promise<void>[] = [];
  if (random.below(2) === 0) {
    report.kills++;
    const [afterMs, place] = [random.below(60), random.below(processes)];
    trouble.push(later(afterMs).then(() => crew.kill(place)));
  }
  if (random.below(3) === 0) {
    report.suspensions++;
    const [afterMs, place, stoppedMs] = [
      random.below(60),
      random.below(processes),
      shortestStopMs + random.below(longestStopMs - shortestStopMs),
    ];
    trouble.push(later(afterMs).then(() => crew.suspend(place, stoppedMs)));
  }
  await Promise.all([working, ...trouble]);
  for (let place = 0; place < processes; place++) if (crew.memberAt(place) === undefined) await crew.hire(place);
  await stage.settle();
}

/**
 * All faults end. Two expiries later everybody must be served: nothing is stuck, and no grant is lost but those of
 * class S.
 */
async function calm(stage: Stage, report: ChaosReport): Promise<void> {
  stage.provider.mishap = () => undefined;
  for (let round = 0; round < 3; round++) await stage.round(1.05);
  report.strictEnded += (await stage.consentAgain()).length;
  const heard = await stage.round(1.05);
  for (const one of heard)
    if (one.say === "done" && one.status !== 200)
      report.violations.push(`not served after the faults had ended: ${JSON.stringify(one)}`);
}

function tally(stage: Stage, report: ChaosReport): void {
  const history = stage.history();
  report.posts = {};
  report.callers = {};
  const count = (counts: Record<string, number>, name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
  for (const { rule, outcome } of history.seen) count(report.posts, `${rule} ${outcome}`);
  for (const one of history.heard)
    if (one.say === "done") count(report.callers, `${one.grant.split(".")[0]} ${one.status ?? one.code}`);
  report.spoiled = history.seen.filter(({ mishap }) => mishap !== undefined).length;
  report.lateSends = lateSends(history).length;
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
