import { emptySpool, storeHeld } from "./answer.ts";
import { decide, replayWindowMs } from "./decide.ts";
import { KeeperError } from "./errors.ts";
import type { Found } from "./grants.ts";
import { alone, factsOf, pollMs, providerOf, serverNowMs, type Kit } from "./kit.ts";
import type { GrantRecord } from "./record.ts";
import { refresh } from "./refresh.ts";
import { finishRevoking } from "./revoke.ts";

/** How many grants were worked on, and what could not be finished, by id; the spool's own trouble under `spool`. */
export type Swept = { worked: number; failed: Record<string, KeeperError> };

/** A sweep begins at most ten refreshes a second (B10). */
const apartMs = 100;
/** A dead grant's tokens are kept for so long, for a late answer or a person who looks into it. The record stays. */
const retentionMs = 30 * 86_400_000;

/** Finishes what processes left that died: the shortest windows first, revocations last (B3.3). */
export async function recover(kit: Kit, signal: AbortSignal | undefined, isClosed: () => boolean): Promise<Swept> {
  const found: Found[] = [];
  for await (const one of kit.grants.all())
    if (one.record.intent !== undefined || one.record.state === "revoking") found.push(one);
  found.sort((a, b) => urgency(a.record) - urgency(b.record));
  return work(kit, signal, found, true, isClosed);
}

const urgency = ({ state, class: rotation }: GrantRecord): number =>
  state === "revoking" ? Infinity : rotation.kind === "strict" ? 1e9 : Math.min(1e10, replayWindowMs(rotation));

/** Refreshes what is due, slowly, and behind every caller who waits. */
export const sweep = (kit: Kit, signal: AbortSignal | undefined, isClosed: () => boolean): Promise<Swept> =>
  work(kit, signal, kit.grants.all(), false, isClosed);

async function work(
  kit: Kit,
  signal: AbortSignal | undefined,
  all: Iterable<Found> | AsyncIterable<Found>,
  recovering: boolean,
  isClosed: () => boolean,
): Promise<Swept> {
  const swept: Swept = { worked: 0, failed: {} };
  const attempt = async (id: string, task: () => Promise<unknown>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof KeeperError)) throw error;
      swept.failed[id] = error;
    }
  };
  for (const id of kit.held.keys()) await attempt(id, () => alone(kit, id, () => storeHeld(kit, id)));
  await attempt("spool", () => emptySpool(kit));
  for await (const {
    record: { id },
  } of all) {
    signal?.throwIfAborted();
    const task = await next(kit, id, recovering).catch(() => undefined);
    if (task === undefined) continue;
    for (let polls = 0; !recovering && kit.flights.size > 0;) await kit.world.sleep(pollMs(kit.world, polls++), signal);
    // What has begun is waited for, and nothing more begins.
    if (isClosed()) break;
    swept.worked++;
    await attempt(id, () => alone(kit, id, task));
    if (!recovering) await kit.world.sleep(apartMs, signal);
  }
  return swept;
}

/** What this grant needs now. */
async function next(kit: Kit, id: string, recovering: boolean): Promise<(() => Promise<unknown>) | undefined> {
  const found = await kit.grants.read(id);
  const { record } = found;
  const facts = factsOf(kit, found, providerOf(kit, record));
  if (record.state === "revoking")
    return recovering || facts.waitLeftMs === 0 ? () => finishRevoking(kit, id) : undefined;
  if (record.state === "dead")
    return record.current !== "" && serverNowMs(kit, record.issuer) - record.endedAtMs! > retentionMs
      ? () => forget(kit, found)
      : undefined;
  const step = decide(record, facts, { recovering });
  return step.do === "serve" || step.do === "refuse" || (step.do === "wait" && !recovering)
    ? undefined
    : () => refresh(kit, id, { recovering });
}

async function forget(kit: Kit, found: Found): Promise<void> {
  await kit.grants.change(found, { ...found.record, current: "", previous: undefined });
}
