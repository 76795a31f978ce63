import type { World } from "../world.ts";
import type { Clients } from "./clients.ts";
import { type Facts } from "./decide.ts";
import { KeeperError } from "./errors.ts";
import type { KeeperEvent } from "./events.ts";
import type { Found, Grants } from "./grants.ts";
import type { KeeperProvider } from "./provider.ts";
import type { GrantRecord } from "./record.ts";
import type { KeeperStore } from "./store.ts";
import { ageMs, unchangedMs, waitLeftMs, momentOf } from "./time.ts";
import type { Vault } from "./vault.ts";
import type { Answer } from "./answer.ts";

/** What every part of one keeper works with. */
export type Kit = {
  world: World;
  store: KeeperStore;
  /** Where a pair is kept that its record cannot take. */
  spool: KeeperStore;
  vault: Vault;
  providers: readonly KeeperProvider[];
  grants: Grants;
  clients: Clients;
  /** This process's name in leases. */
  owner: string;
  emit(event: KeeperEvent): void;
  /** Answers that the store has not taken yet. */
  held: Map<string, Answer>;
  /** How far each issuer's clock is ahead of ours, once it has told. */
  offsets: Map<string, number>;
  /** One piece of work on a grant at a time in this process. */
  flights: Map<string, Promise<unknown>>;
};

/** Random, from 0 up to 1. */
export const fraction = ({ random }: World): number =>
  new DataView(Uint8Array.from(random(4)).buffer).getUint32(0) / 2 ** 32;

export const serverNowMs = ({ world, offsets }: Pick<Kit, "world" | "offsets">, issuer: string): number =>
  world.epochMs() + (offsets.get(issuer) ?? 0);

export const givenProvider = ({ providers }: Kit, { issuer, clientId }: GrantRecord): KeeperProvider | undefined =>
  providers.find((provider) => provider.issuer === issuer && provider.clientId === clientId);

export function providerOf(kit: Kit, record: GrantRecord): KeeperProvider {
  const found = givenProvider(kit, record);
  if (found === undefined)
    throw new KeeperError("no_provider", { id: record.id, says: `${record.issuer} ${record.clientId}` });
  return found;
}

export function factsOf(kit: Kit, { record, sight }: Found, { readsIntent }: KeeperProvider): Facts {
  const now = momentOf(kit.world);
  const { lease } = record;
  return {
    ageMs: ageMs(sight, now),
    // A lease of our own that no work of ours holds was left by work that failed.
    leased:
      lease !== undefined &&
      lease.owner !== kit.owner &&
      unchangedMs(sight, "lease", now) < Math.min(lease.ms, longestLeaseMs),
    intentSeenMs: unchangedMs(sight, "intent", now),
    waitLeftMs: waitOf(kit, { record, sight }),
    readsIntent,
  };
}

/**
 * What is left of the wait before the next attempt. A client that was mended since the last refusal is heard at once.
 */
export function waitOf(kit: Kit, { record, sight }: Pick<Found, "record" | "sight">): number {
  const { suspicion, streak } = record;
  if (
    streak === 0 &&
    suspicion !== undefined &&
    suspicion.generation! < (givenProvider(kit, record)?.clientGeneration ?? 0)
  )
    return 0;
  return waitLeftMs(record, sight, momentOf(kit.world), serverNowMs(kit, record.issuer));
}

/** What a record says of its lease is believed up to here. */
const longestLeaseMs = 3_600_000;

/** What every event of a grant says. */
export const about = (kit: Kit, { id, issuer, clientId, subject, version }: GrantRecord) => ({
  id,
  issuer,
  clientId,
  subject,
  version,
  atMs: serverNowMs(kit, issuer),
});

/** Short sleeps that grow to a quarter of a second, so that nobody who waits does so in step with another. */
export const pollMs = (world: World, polls: number): number =>
  Math.min(250, 25 * 2 ** Math.min(polls, 4)) * (0.5 + fraction(world) / 2);

/** Work on a grant that nothing else of this process may do at the same time. */
export async function alone<T>({ flights }: Kit, id: string, work: () => Promise<T>): Promise<T> {
  for (let before = flights.get(id); before !== undefined; before = flights.get(id))
    await before.catch(() => undefined);
  const flight = work().finally(() => flights.delete(id));
  flights.set(id, flight);
  return flight;
}

export const isStoreDown = (error: unknown): boolean =>
  error instanceof KeeperError && error.code === "store_unavailable";

/** What must get into the store, tried four times before it is given up. */
export async function persistently<T>({ world }: Kit, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isStoreDown(error) || tries === 4) throw error;
      await world.sleep(100 * 2 ** tries * fraction(world));
    }
  }
}
