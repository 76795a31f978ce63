import { decideRevoke } from "@symbolon/server";
import { basic, machineApplication } from "./registration.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { Call } from "./wire.ts";

/**
 * What happens to a server from outside: crashes, clock changes, backups, sweeping, an operator; and a client of client
 * credentials.
 */
export function startWeather(world: SimulatedWorld): void {
  const { plan, dice, scheduler } = world;
  const sometime = (): number => dice.between(1, 110) * 1000 + dice.delay(1000);
  for (let crash = 0; crash < plan.crashes; crash++) scheduler.after(sometime(), () => dice.pick(world.nodes).crash());
  for (const seconds of plan.clockStepsSeconds) scheduler.after(sometime(), () => stepClocks(world, seconds));
  if (plan.restores) world.start("backup", () => backUpAndRestore(world));
  if (plan.operatorRevokes) world.start("operator", () => revokeSome(world));
  if (plan.sweeps > 0) world.start("sweeper", () => sweep(world));
  if (plan.machine) world.start("machine", () => runMachine(world));
}

/** The largest clock error (faults.md R-19). */
const dayMs = 86_400_000;

/** Of one server, or of all. */
function stepClocks(world: SimulatedWorld, seconds: number): void {
  const nodes = world.dice.chance(0.5) ? [world.dice.pick(world.nodes)] : world.nodes;
  for (const node of nodes) node.offsetMs = Math.max(-dayMs, Math.min(dayMs, node.offsetMs + seconds * 1000));
  world.oracle.hasClockMoved = true;
  if (seconds < 0) world.oracle.saw("clock set back");
  world.note(`${nodes.length} clocks move by ${seconds} s`);
}

async function backUpAndRestore(world: SimulatedWorld): Promise<void> {
  const { scheduler, dice } = world;
  await scheduler.sleep(dice.between(1, 70) * 1000 + dice.delay(1000));
  const restore = await world.backUp();
  await scheduler.sleep(dice.between(1, 60) * 1000 + dice.delay(1000));
  await restore();
}

async function revokeSome(world: SimulatedWorld): Promise<void> {
  const { scheduler, dice, oracle } = world;
  await scheduler.sleep(dice.between(5, 110) * 1000);
  const grants = [...oracle.books.grants.values()];
  if (grants.length === 0) return;
  const grant = dice.pick(grants);
  const now = dice.pick(world.nodes).now();
  const { result } = await world.store.grants.change(grant.id, (before) => {
    const change = decideRevoke("revoked_by_operator", now)(before);
    oracle.step(undefined, { id: grant.id, before, change, now });
    return change;
  });
  if (result !== "not_found") grant.isRevocationAcknowledged = true;
  world.note("the operator has revoked a grant");
}

async function sweep(world: SimulatedWorld): Promise<void> {
  for (let round = 0; round < world.plan.sweeps; round++) {
    await world.scheduler.sleep(world.dice.between(10, 60) * 1000);
    const swept = await world.store.sweep(world.dice.pick(world.nodes).now(), 1000);
    if (swept > 0) world.oracle.saw("swept");
  }
}

/** Client credentials: gets a token, uses it, revokes it, and must never see it active again. */
async function runMachine(world: SimulatedWorld): Promise<void> {
  const { dice, scheduler } = world;
  const authorization = basic(machineApplication);
  for (let round = 0; round < 3; round++) {
    await scheduler.sleep(dice.between(0, 30_000));
    const scope: Call["form"] = dice.chance(0.3) ? { scope: "read" } : {};
    const answer = await world.send({
      by: "machine",
      endpoint: "token",
      form: { grant_type: "client_credentials", ...scope },
      authorization,
    });
    if (answer?.status !== 200) continue;
    const { access_token: token } = answer.body as { access_token: string };
    await world.send({ by: "machine", endpoint: "introspect", form: { token }, authorization });
    if (dice.chance(0.5)) await world.send({ by: "machine", endpoint: "revoke", form: { token }, authorization });
    await world.send({ by: "machine", endpoint: "introspect", form: { token }, authorization: basic("rs_any") });
  }
}
