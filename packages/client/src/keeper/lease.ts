import { pollMs, type Kit } from "./kit.ts";
import type { Found } from "./grants.ts";
import type { KeeperProvider } from "./provider.ts";
import type { GrantRecord } from "./record.ts";
import { elapsedMs, momentOf, type Moment } from "./time.ts";

/**
 * For storing what an answer brought, or twice what that has taken of late; and for an answer that is there though the
 * deadline has passed.
 */
const writeMs = 5000;
const graceMs = 1000;
/** No holder goes on for longer than so many times its lease. */
const longestLeases = 3;

/**
 * A lease that this process holds: the record as it last wrote or saw it, since when it is sure of it, and how it meant
 * to end it.
 */
export type Lease = { found: Found; provider: KeeperProvider; taken: Moment; sure: Moment; concluding?: string };

/**
 * How long a lease lasts after the last beat. It is longer than everything its holder does without one: a third of it
 * before a request begins, then the request, then a write.
 */
const leaseMs = ({ grants }: Kit, { deadlineMs }: KeeperProvider): number =>
  1.5 * (deadlineMs + graceMs + Math.max(writeMs, 2 * grants.writeMs));

/** Takes the lease in one write with whatever `change` says; undefined where somebody else was first. */
export async function takeLease(
  kit: Kit,
  found: Found,
  provider: KeeperProvider,
  change: Partial<GrantRecord>,
): Promise<Lease | undefined> {
  const now = momentOf(kit.world);
  const { record } = found;
  const taken = await kit.grants.change(found, {
    ...record,
    ...change,
    fence: record.fence + 1,
    lease: { owner: kit.owner, beat: 0, ms: leaseMs(kit, provider) },
  });
  return taken && { found: taken, provider, taken: now, sure: now };
}

const isHeld = ({ owner }: Kit, lease: Lease, { record }: Found): boolean =>
  record.lease?.owner === owner && record.fence === lease.found.record.fence;

/**
 * Reads the record again, right before a request. False: the lease is somebody else's. Nobody can have begun to wait
 * for its end before `sure`, so a third of it must be left untouched, however slow the store is.
 */
export async function reread(kit: Kit, lease: Lease): Promise<boolean> {
  const found = await kit.grants.read(lease.found.record.id);
  let held = isHeld(kit, lease, found);
  if (held) lease.found = found;
  while (held && elapsedMs(lease.sure, momentOf(kit.world)) >= lease.found.record.lease!.ms / 3)
    held = await beat(kit, lease);
  return held;
}

/**
 * Shows every watcher that the holder lives, and the holder that it still holds. A lease that ran out unclaimed goes
 * on; a slow store makes it longer.
 */
export async function beat(kit: Kit, lease: Lease): Promise<boolean> {
  for (;;) {
    const now = momentOf(kit.world);
    const { record } = lease.found;
    const { beat, ms } = record.lease!;
    const beating = await kit.grants.change(lease.found, {
      ...record,
      lease: { owner: kit.owner, beat: beat + 1, ms: Math.max(ms, leaseMs(kit, lease.provider)) },
    });
    if (beating !== undefined) {
      lease.found = beating;
      lease.sure = now;
      return true;
    }
    const found = await kit.grants.read(record.id);
    if (!isHeld(kit, lease, found)) return false;
    lease.found = found;
  }
}

/**
 * Writes what `change` makes of the record and gives the lease back with it. False: the lease is somebody else's, and
 * so is the record.
 */
export async function conclude(kit: Kit, lease: Lease, change: (record: GrantRecord) => GrantRecord): Promise<boolean> {
  for (;;) {
    if (lease.concluding !== undefined) {
      const found = await kit.grants.read(lease.found.record.id);
      // A write that seemed to fail had happened.
      if (JSON.stringify(found.record) === lease.concluding) return true;
      if (!isHeld(kit, lease, found)) return false;
      lease.found = found;
    }
    const record = { ...change(lease.found.record), lease: undefined };
    lease.concluding = JSON.stringify(record);
    if (await kit.grants.change(lease.found, record)) return true;
  }
}

/**
 * One request under the lease, with a beat every third of it. Ends at the deadline and a little: who slept through the
 * deadline with the answer already there still gets it.
 */
export async function underLease<T>(
  kit: Kit,
  lease: Lease,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { world } = kit;
  const [stop, answered] = [new AbortController(), new AbortController()];
  const answer = request(stop.signal)
    .then(
      (value) => ({ value }),
      () => ({ value: undefined }),
    )
    .finally(() => answered.abort());
  const began = momentOf(world);
  const { ms } = lease.found.record.lease!;
  const pause = (until: number): Promise<undefined> =>
    world.sleep(until, answered.signal).then(
      () => undefined,
      () => undefined,
    );
  for (let held = true; ;) {
    const leftMs = lease.provider.deadlineMs + graceMs - elapsedMs(began, momentOf(world));
    const done = await Promise.race([answer, pause(Math.max(0, Math.min(ms / 3, leftMs)))]);
    if (done !== undefined) return done.value;
    if (answered.signal.aborted) return (await answer).value;
    if (leftMs <= 0) return (stop.abort(), undefined);
    held &&= await beat(kit, lease).catch(() => true);
  }
}

/** Whether another attempt ends before the holder must. */
export const hasTime = ({ world }: Kit, { taken, provider, found }: Lease): boolean =>
  elapsedMs(taken, momentOf(world)) + provider.deadlineMs < longestLeases * (found.record.lease?.ms ?? 0);

/** Waits a little for whoever holds the lease. */
export const waitForLease = ({ world }: Kit, polls: number): Promise<void> => world.sleep(pollMs(world, polls));
