import { consentAgain, revokeSometime } from "./callers.ts";
import type { KeeperWorld } from "./keeper-world.ts";

/**
 * What happens from outside between now and then: deaths, standstills, clocks, partitions, the provider's bad hours,
 * people.
 */
export function startWeather(world: KeeperWorld, untilMs: number): void {
  const { plan, dice, scheduler, processes, oracle } = world;
  world.faults = plan.faults;
  const sometime = (run: () => void): void => scheduler.after(dice.between(0, untilMs - 1000) + dice.delay(1000), run);
  const living = () => processes.filter(({ isUp }) => isUp);

  for (let crash = 0; crash < plan.crashes; crash++)
    sometime(() => living().length > 0 && world.kill(dice.pick(living())));
  for (const { kind, seconds } of plan.standstills)
    sometime(() => world.standStill(dice.pick(processes), kind, seconds));
  for (const seconds of plan.clockStepsSeconds) sometime(() => stepClock(world, seconds));
  for (let cut = 0; cut < plan.storePartitions; cut++) sometime(() => cutOff(world, world.cutFromStore, "store"));
  for (let cut = 0; cut < plan.netPartitions; cut++) sometime(() => cutOff(world, world.cutFromProvider, "provider"));
  if (plan.consentsUnasked) sometime(() => world.start("a user", () => consentUnasked(world)));
  if (plan.changesClient) sometime(() => changeClient(world));
  if (plan.damagesRecord) sometime(() => damageRecord(world));
  for (const episode of plan.episodes) {
    sometime(() => {
      world.note(`the provider: ${episode.kind} for ${episode.seconds} s`);
      world.provider.episodes.push({ ...episode, untilMs: scheduler.nowMs + episode.seconds * 1000 });
      oracle.trouble("episode");
    });
  }
  plan.grants.forEach(({ userRevokes, weRevoke }, index) => {
    const grant = [...oracle.grants.values()][index]!;
    if (weRevoke) world.start("the application revokes", () => revokeSometime(world, grant, untilMs));
    if (!userRevokes) return;
    sometime(() => {
      oracle.saw("revoked by the user");
      world.note(`the provider: the user ends ${grant.name}`);
      grant.family = { ...grant.family, endedBy: grant.family.endedBy ?? "user" };
    });
  });
}

/** A user connects again though nothing was wrong. */
async function consentUnasked(world: KeeperWorld): Promise<void> {
  const grant = world.dice.pick([...world.oracle.grants.values()]);
  const running = [...world.subjects];
  if (running.length === 0 || grant.weRevoke) return;
  world.oracle.saw("consented again though alive");
  const [process, subject] = world.dice.pick(running);
  await consentAgain(world, process, subject, grant);
}

function changeClient(world: KeeperWorld): void {
  world.clientGeneration++;
  world.oracle.saw("the client was changed");
  world.note(`the client is changed, and known to its provider only in the end`);
  for (const process of world.processes) if (process.isUp) world.kill(process);
}

/** As a failing disk would, or an operator with an editor. */
function damageRecord(world: KeeperWorld): void {
  const { store, oracle, dice, kind } = world;
  const records = [...store.entries].filter(([key, { value }]) => kind.read(key, value) !== undefined);
  const [key, { revision, value }] = dice.pick(records);
  const grant = oracle.grants.get(kind.read(key, value)!.grant)!;
  const isWhole = kind.damagePair === undefined || dice.chance(0.5);
  world.note(`${isWhole ? "half of the record" : "the pair"} of ${grant.name} is lost`);
  oracle.saw(isWhole ? "a record was damaged" : "a pair was damaged");
  grant.isDamaged = true;
  store.entries.set(key, { revision, value: isWhole ? value.slice(0, value.length / 2) : kind.damagePair!(value) });
}

function stepClock(world: KeeperWorld, seconds: number): void {
  const { dice, processes, oracle } = world;
  const process = dice.pick(processes);
  // One that sleeps sets no clock. Set back by as much as the monotonic clock stood still, no clock of it would tell of
  // that time.
  if (process.isStandingStill) return;
  process.offsetMs += seconds * 1000;
  oracle.trouble("clock", process);
  if (seconds < 0) oracle.saw("clock set back");
  world.note(`the clock of ${process.name} moves by ${seconds} s`);
}

function cutOff(world: KeeperWorld, from: Set<KeeperWorld["processes"][number]>, what: "store" | "provider"): void {
  const { dice, processes, oracle, scheduler } = world;
  const process = dice.pick(processes);
  const seconds = dice.pick([5, 60, 300]);
  world.note(`${process.name} is cut off from the ${what} for ${seconds} s`);
  oracle.saw(`cut off from the ${what}`);
  oracle.trouble("partition", process);
  from.add(process);
  scheduler.after(seconds * 1000, () => {
    from.delete(process);
    oracle.trouble("partition", process);
  });
}
