import { serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext } from "./context.ts";
import { decide, factsOf } from "./decide.ts";
import { KeeperError } from "./errors.ts";
import type { StoredGrant } from "./grants.ts";
import { deliverOutbox } from "./store-tokens.ts";
import { refresh } from "./refresh.ts";
import { pauseBeforePoll } from "./retry.ts";
import { finishRevoking } from "./revoke.ts";
import { storeHeldAnswer } from "./store-tokens.ts";

/** What `sweep` and `recover` did. */
export type Swept = {
  /** How many grants were worked on. */
  worked: number;
  /** What failed, by grant id; failures of the outbox itself under `outbox`. */
  failed: Record<string, KeeperError>;
};

/** A sweep begins at most ten refreshes a second (B10). */
const apartMs = 100;
/** About three minutes: callers that wait for a refresh come before the sweep, but cannot hold it up for ever. */
const mostPollsForCallers = 1000;
/** A dead grant's tokens are kept this long, for a late answer or an investigation. The record stays. */
const retentionMs = 30 * 86_400_000;

/** Refreshes what is due, slowly, and after every caller who waits. */
export const sweep = (context: KeeperContext, signal: AbortSignal | undefined): Promise<Swept> =>
  sweepGrants(context, context.grants.all(), { recovering: false, signal });

/** Stores what is held, delivers the outbox, then does for each grant what it needs. */
export async function sweepGrants(
  context: KeeperContext,
  grants: Iterable<StoredGrant> | AsyncIterable<StoredGrant>,
  { recovering, signal }: { recovering: boolean; signal: AbortSignal | undefined },
): Promise<Swept> {
  const { world, heldAnswers, singleFlight } = context;
  const swept: Swept = { worked: 0, failed: {} };
  const noteFailure = (id: string) => (error: unknown) => {
    if (!(error instanceof KeeperError)) throw error;
    swept.failed[id] = error;
  };
  for (const id of heldAnswers.keys())
    await singleFlight.run(id, () => storeHeldAnswer(context, id)).catch(noteFailure(id));
  await deliverOutbox(context).catch(noteFailure("outbox"));
  for await (const { record } of grants) {
    const { id } = record;
    signal?.throwIfAborted();
    const task = await taskFor(context, id, recovering).catch(() => undefined);
    if (task === undefined) continue;
    for (let polls = 0; !recovering && singleFlight.size > 0 && polls < mostPollsForCallers; polls++)
      await pauseBeforePoll(world, polls, signal);
    if (context.isClosed()) break;
    swept.worked++;
    await singleFlight.run(id, task).catch(noteFailure(id));
    if (!recovering) await world.sleep(apartMs, signal);
  }
  return swept;
}

type Task = Parameters<KeeperContext["singleFlight"]["run"]>[1];

/** What this grant needs now; undefined: nothing. */
async function taskFor(context: KeeperContext, id: string, recovering: boolean): Promise<Task | undefined> {
  const stored = await context.grants.read(id);
  const { record } = stored;
  const facts = factsOf(context, stored);
  if (record.state === "revoking")
    return recovering || facts.waitLeftMs === 0 ? () => finishRevoking(context, id) : undefined;
  if (record.state === "dead") return isForgettable(context, stored) ? () => forget(context, stored) : undefined;
  const step = decide(record, facts, { recovering });
  const isIdle = step.do === "serve" || step.do === "refuse" || (step.do === "wait" && !recovering);
  return isIdle ? undefined : () => refresh(context, id, { recovering });
}

const isForgettable = (context: KeeperContext, { record: { current, issuer, endedAtMs } }: StoredGrant): boolean =>
  current !== "" && endedAtMs !== undefined && serverNowMs(context, issuer) - endedAtMs > retentionMs;

/** Removes the tokens of a dead grant. */
async function forget(context: KeeperContext, stored: StoredGrant): Promise<void> {
  await context.grants.write(stored, { ...stored.record, current: "", previous: undefined });
}
