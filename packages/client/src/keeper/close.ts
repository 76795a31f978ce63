import type { KeeperContext } from "./context.ts";
import { mostRounds } from "./retry.ts";
import { storeHeldAnswer } from "./store-tokens.ts";

/** Waits for the tasks that run, and stores the answers that are held. Rejects with the first failure, after all. */
export async function drain(context: KeeperContext): Promise<void> {
  await context.singleFlight.settled();
  const failures: unknown[] = [];
  for (const id of context.heldAnswers.keys())
    await storeHeldAnswer(context, id).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Drains a closed keeper. Tasks are awaited again: a caller that waited may have begun the next one. */
export async function close(context: KeeperContext): Promise<void> {
  for (let round = 0; round < mostRounds && context.singleFlight.size > 0; round++)
    await context.singleFlight.settled();
  await drain(context);
}
