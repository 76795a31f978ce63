import { makeTrace, type Played, type Simulation } from "@symbolon/testing";
import { askAndUse, consentAgain, startCallers } from "./callers.ts";
import type { GrantFacts } from "./facts.ts";
import { KeeperWorld } from "./keeper-world.ts";
import { planOf, type Plan } from "./plan.ts";
import { rareStates } from "./rare-states.ts";
import type { SubjectKind } from "./subject.ts";
import { startWeather } from "./weather.ts";

/**
 * How long recovery may take after the last fault: confirmations are spread over ten minutes, and waits grow.
 */
const findsBackMs = 3_600_000;

/**
 * Plays one seed to its end, ends every fault, and checks that every grant that can go on does. The same seed gives the
 * same run.
 */
export async function playKeeper(
  kind: SubjectKind,
  seed: number,
  { keepsTrace = false, change = (plan: Plan): Plan => plan } = {},
): Promise<Played> {
  const { plan: drawn, dice } = planOf(seed);
  const plan = change(drawn);
  const trace = makeTrace(keepsTrace);
  const world = new KeeperWorld(plan, dice, kind, trace);
  world.start("run", () => run(world));
  await world.scheduler.run();
  const { violation, sightings } = world.oracle;
  return { plan, violation, sightings, traceHash: trace.hash(), trace: trace.lines };
}

export const simulationOf = (name: string, kind: SubjectKind): Simulation => ({
  name,
  play: (seed, options) => playKeeper(kind, seed, options),
  rareStates,
});

async function run(world: KeeperWorld): Promise<void> {
  const { plan, scheduler, processes, oracle } = world;
  const untilMs = plan.minutes * 60_000;
  await Promise.all(processes.map((process) => world.open(process)));
  const [first] = world.subjects.values();
  for (const grant of oracle.grants.values())
    await first!.adopt(grant.name, grant.issuer, world.provider.consent(grant));

  world.onStart = (process, subject) => startCallers(world, process, subject, untilMs);
  for (const [process, subject] of world.subjects) world.onStart(process, subject);
  startWeather(world, untilMs);
  await scheduler.sleep(untilMs);
  if (world.allAwakeAtMs > scheduler.nowMs) {
    oracle.trouble("standstill"); // no process asks for a token meanwhile
    await scheduler.sleep(world.allAwakeAtMs - scheduler.nowMs);
    oracle.trouble("standstill");
  }

  world.heal();
  await Promise.all([...oracle.grants.values()].map((grant) => findBack(world, grant, scheduler.nowMs + findsBackMs)));
  for (const subject of world.subjects.values()) await subject.close();
  scheduler.stop();
}

/** A patient caller gets a token that works, or is told that the grant has ended, as the provider says. */
async function findBack(world: KeeperWorld, grant: GrantFacts, untilMs: number): Promise<void> {
  const { scheduler, dice, subjects, oracle, plan } = world;
  grant.isConsenting = false; // the caller that began it has died, or is done
  let last = "no process runs";
  while (scheduler.nowMs < untilMs) {
    await scheduler.sleep(dice.between(5000, 60_000));
    const running = [...subjects];
    if (running.length === 0) continue;
    const [process, subject] = dice.pick(running);
    if (grant.weRevoke) await subject.sweep();
    last = await askAndUse(world, process, subject, grant);
    if (last === "used") return;
    // A client that was wrong for long is tried ever more rarely, and its grants do not end: a caller that has waited
    // long enough asks the user.
    const isDoubted = plan.changesClient && untilMs - scheduler.nowMs < findsBackMs / 2;
    const needsConsent = last === "ended" || grant.isDamaged || isDoubted;
    if (needsConsent && plan.consentsAgain && !grant.weRevoke) await consentAgain(world, process, subject, grant);
    else if (grant.isDamaged || isDoubted || (last === "ended" && grant.record?.state === "dead")) return;
  }
  const { endedBy } = grant.family;
  oracle.fail(
    "liveness",
    endedBy === undefined
      ? `the provider honours ${grant.name} (${grant.kind}), and the keeper says "${last}" for an hour`
      : `${grant.name} (${grant.kind}) is over by ${endedBy}, and the keeper says "${last}" for an hour`,
  );
}
