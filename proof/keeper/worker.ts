import { KeeperError, type Keeper } from "@symbolon/client/keeper";
import { keeperOf, openTaskStore, signedFetch, worldOf } from "./keeping.ts";
import { depthOf, grantOf } from "./rules.ts";
import { stallingStore, watchedStore } from "./stalling-store.ts";
import type { Order, Report } from "./worker-messages.ts";

/**
 * One of several processes that share a store: an application that calls the resource with each grant on command.
 */
const say = (report: Report): void => void process.send?.(report, () => {});
process.once("disconnect", () => process.exit());

let offsetMs = 0;
let storeFailures = 0;
let carryOut: (order: Order) => Promise<void> = begin;
process.on("message", (order: Order) => void carryOut(order));

async function begin(task: Order): Promise<void> {
  if (task.do !== "begin") return;
  const { name, skewMs, stallShare, stallMs, grants, providerUrl } = task;
  const place = await openTaskStore(task.store);
  const store = watchedStore(
    stallShare === 0 ? place : stallingStore(place, stallShare, stallMs),
    () => storeFailures++,
  );
  const keeper = keeperOf(task, {
    store,
    world: worldOf(task, () => offsetMs, skewMs),
    processName: name,
    onEvent: (event) => say({ say: "event", type: event.type, grant: "id" in event ? event.id : "", atMs: Date.now() }),
  });
  // As an application should at its start; its calls do not wait for it.
  keeper
    .recover()
    .catch(() => {})
    .finally(() => say({ say: "recovered" }));
  carryOut = async (order) => {
    if (order.do === "leave") {
      await keeper.close();
      await store.close();
      process.disconnect();
    } else if (order.do === "work") {
      offsetMs = order.offsetMs;
      await Promise.all(grants.map(({ id }) => call(keeper, name, id, order.round, `${providerUrl}/api`)));
      say({ say: "rested", round: order.round });
    }
  };
  say({ say: "ready" });
}

/** Asks for the token, and calls the resource with it. */
async function call(keeper: Keeper, name: string, id: string, round: number, url: string): Promise<void> {
  const about = { say: "done", round, grant: id } as const;
  const failuresBefore = storeFailures;
  try {
    const { accessToken, volatile } = await keeper.token(id);
    const token = accessToken.reveal();
    const { status } = await keeper.fetch(id, { send: signedFetch(name) })(url);
    say({
      ...about,
      grant: grantOf(token),
      status,
      depth: depthOf(token),
      volatile,
      storeFailed: storeFailures > failuresBefore,
      atMs: Date.now(),
    });
  } catch (error) {
    // Anything else would be the resource's connection; it is reported like the rest.
    say({ ...about, code: error instanceof KeeperError ? error.code : String(error), atMs: Date.now() });
  }
}
