import { HonestClient } from "./honest-client.ts";
import { runOutsider, runThief } from "./intruders.ts";
import { planOf } from "./plan.ts";
import { rareStates } from "./rare-states.ts";
import { basic, registeredStore } from "./registration.ts";
import type { Played, Simulation } from "./run-seeds.ts";
import { SimulatedWorld } from "./simulated-world.ts";
import { makeTrace } from "./trace.ts";
import { startWeather } from "./weather.ts";

/**
 * Plays one seed to its end, heals every fault, and checks that clients which are guaranteed service get it. The same
 * seed gives the same run.
 */
export async function simulate(seed: number, options: { keepsTrace?: boolean } = {}): Promise<Played> {
  const { plan, dice } = planOf(seed);
  const trace = makeTrace(options.keepsTrace === true);
  const world = new SimulatedWorld(plan, dice, await registeredStore(), trace);
  const clients = plan.clients.map((client, index) => new HonestClient(world, client, `client ${index + 1}`));

  clients.forEach((client, index) => world.start(`client ${index + 1}`, () => client.run()));
  if (plan.thief) world.start("thief", () => runThief(world));
  if (plan.outsider) world.start("outsider", () => runOutsider(world));
  startWeather(world);
  await world.scheduler.run();

  if (world.oracle.violation === undefined) {
    world.heal();
    clients.forEach((client, index) => world.start(`client ${index + 1}`, () => client.checkLiveness()));
    world.start("resource server", () => askAboutTheDead(world));
    await world.scheduler.run();
    await checkAtRest(world);
  }
  return {
    plan,
    violation: world.oracle.violation,
    sightings: world.oracle.sightings,
    traceHash: trace.hash(),
    trace: trace.lines,
  };
}

export const serverSimulation: Simulation = { name: "simulate", play: simulate, rareStates };

/** What was acknowledged as ended is ended on every server; the oracle checks each answer. */
async function askAboutTheDead({ nodes, oracle }: SimulatedWorld): Promise<void> {
  const dead = [...oracle.books.tokens].filter(
    ([, { kind, isDead, grant }]) => kind === "access" && (isDead || grant?.isRevocationAcknowledged === true),
  );
  for (const [token] of dead.slice(-6)) {
    for (const node of nodes)
      await node.handle({
        by: "resource server",
        endpoint: "introspect",
        form: { token },
        authorization: basic("rs_api"),
      });
  }
}

/** Rows and models agree, and no row holds a credential (I2, I8). */
async function checkAtRest({ store, oracle }: SimulatedWorld): Promise<void> {
  const rows = await store.grants.list({ limit: 1_000_000 });
  for (const row of rows) {
    const model = oracle.books.grants.get(row.id)?.model;
    if (model !== undefined && model.head !== row.generation)
      oracle.fail("I2 S2", `at rest the row has generation ${row.generation}, the model ${model.head}`);
  }
  const text = JSON.stringify(rows, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
  if (/sym_[a-z]{2}_/.test(text)) oracle.fail("I8 S7", "a row holds a credential");
}
