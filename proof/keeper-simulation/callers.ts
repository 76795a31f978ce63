import type { GrantFacts } from "./facts.ts";
import type { KeeperWorld } from "./keeper-world.ts";
import { noteAdopted } from "./lease-checks.ts";
import { consentOf } from "./provider/family.ts";
import type { Handed, Subject } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** Every so often all processes ask at about the same time, as they do when a minute begins. */
const togetherMs = 15_000;

/**
 * What the application does with the keeper of one process: asks for tokens now and then, uses them, reports those that
 * are refused.
 */
export function startCallers(world: KeeperWorld, process: VirtualProcess, subject: Subject, untilMs: number): void {
  world.start(process.name, () => recoverAndSweep(world, process, subject, untilMs));
  for (const grant of world.oracle.grants.values())
    world.start(process.name, () => call(world, process, subject, grant, untilMs));
}

async function call(
  world: KeeperWorld,
  process: VirtualProcess,
  subject: Subject,
  grant: GrantFacts,
  untilMs: number,
): Promise<void> {
  const { dice, scheduler, plan, oracle } = world;
  const pauseMs = grant.lifetimeSeconds * dice.between(50, 500);
  for (;;) {
    await process.sleep(
      dice.chance(0.4) ? togetherMs - (scheduler.nowMs % togetherMs) + dice.delay(400) : dice.between(0, pauseMs),
    );
    if (scheduler.nowMs > untilMs) return;
    if (dice.chance(0.1)) world.start(process.name, () => callOnceAndLeave(world, process, subject, grant));
    const callers = dice.chance(0.15) ? dice.between(2, 5) : 1;
    const heard = await Promise.all(Array.from({ length: callers }, () => askAndUse(world, process, subject, grant)));
    if (heard.includes("not yet durable") && plan.consentsAgain && !grant.weRevoke && dice.chance(0.3)) {
      oracle.saw("consented again while an answer was held");
      await consentAgain(world, process, subject, grant);
    }
    if (heard.includes("ended") && plan.consentsAgain && !grant.weRevoke) {
      oracle.saw("consented again after the end");
      await consentAgain(world, process, subject, grant);
    }
  }
}

/** The first thing that a process does; some go on tidying in the background. */
async function recoverAndSweep(
  { dice, scheduler }: KeeperWorld,
  process: VirtualProcess,
  subject: Subject,
  untilMs: number,
): Promise<void> {
  await subject.recover();
  if (!dice.chance(0.4)) return;
  while (scheduler.nowMs < untilMs) {
    await process.sleep(dice.between(10_000, 60_000));
    await subject.sweep();
  }
}

/** A caller that asks and does not wait: no other caller may suffer from that (C-05). */
async function callOnceAndLeave(
  world: KeeperWorld,
  process: VirtualProcess,
  subject: Subject,
  grant: GrantFacts,
): Promise<void> {
  const leaving = new AbortController();
  process.timer(world.dice.delay(2000), () => leaving.abort(new DOMException("the caller left", "AbortError")));
  const handed = await subject.token(grant.name, { signal: leaving.signal });
  world.oracle.handed(process, grant, handed, undefined);
}

/** Whether a resource server took what the keeper gave. */
export async function askAndUse(
  world: KeeperWorld,
  process: VirtualProcess,
  subject: Subject,
  grant: GrantFacts,
): Promise<"used" | "not yet durable" | "ended" | "not now"> {
  let rejected: string | undefined;
  for (let tries = 0; tries < 2; tries++) {
    const minimumLifeSeconds =
      world.plan.asksForLife && world.dice.chance(0.15) ? grant.lifetimeSeconds * world.dice.pick([0.3, 0.6, 0.9]) : 0;
    const handed: Handed = await subject.token(grant.name, {
      minimumLifeSeconds,
      ...(rejected === undefined ? {} : { rejected }),
    });
    world.oracle.handed(process, grant, handed, rejected);
    if (handed.kind !== "token") return handed.kind === "ended" ? "ended" : "not now";
    const status = await world.provider.use(process, handed.accessToken);
    if (status === 200) return handed.isVolatile ? "not yet durable" : "used";
    if (status === undefined) return "not now";
    world.note(`${handed.accessToken} is refused by the API`);
    grant.rejected.add(handed.accessToken);
    rejected = handed.accessToken;
  }
  return "not now";
}

/**
 * A user consents once more, and the keeper adopts the tokens. Where it is unknown whether they were written, they are
 * adopted again: by then the pair may be spent.
 */
export async function consentAgain(
  world: KeeperWorld,
  process: VirtualProcess,
  subject: Subject,
  grant: GrantFacts,
): Promise<void> {
  // no user can consent to a client that does not exist
  const isClientUnknown = world.clientGeneration > world.provider.knowsClients;
  if (grant.isConsenting || isClientUnknown) return;
  const { life } = process;
  grant.isConsenting = true;
  world.note(`a user consents to ${grant.name} at ${process.name}`);
  const pair = world.provider.consent(grant);
  const consent = consentOf(grant.family.head);
  while (process.life === life && !(await subject.adopt(grant.name, grant.issuer, pair))) await process.sleep(1000);
  if (process.life === life) noteAdopted(grant, process, consent);
  grant.isConsenting = false;
}

/** Gives a grant back, some time. */
export async function revokeSometime(world: KeeperWorld, grant: GrantFacts, untilMs: number): Promise<void> {
  await world.scheduler.sleep(world.dice.between(0, untilMs - 1000));
  for (const process of world.processes) {
    const subject = world.subjects.get(process);
    if (subject === undefined || process.isStandingStill) continue;
    world.oracle.saw("revoked by us");
    world.note(`${process.name} revokes ${grant.name}`);
    const answer = await subject.revoke(grant.name);
    if (answer === "revoked") grant.isRevocationAcknowledged = true;
    return;
  }
}
