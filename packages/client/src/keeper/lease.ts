import type { KeeperContext } from "./context.ts";
import type { StoredGrant } from "./grants.ts";
import type { KeeperProvider } from "./provider.ts";
import type { GrantRecord } from "./record.ts";
import { conflict, retryOnConflict, retryWhileUnavailable } from "./retry.ts";
import { elapsedMs, momentOf, type Moment } from "./time.ts";

/** Enough to store what an answer brought, or twice what that has taken of late. */
const writeMs = 5000;
/** For an answer that has arrived although the deadline has passed. */
const graceMs = 1000;
/** A holder gives up after this many times the length of its lease. */
const longestLeases = 3;
/** A lease is renewed this often at most before one request. */
const mostRenewals = 10;

type HeldRecord = GrantRecord & { lease: NonNullable<GrantRecord["lease"]> };
type LeaseContext = Pick<KeeperContext, "world" | "grants" | "owner">;

/**
 * Longer than everything that its holder does between two heartbeats: a third of it before a request begins, then the
 * request, then a write.
 */
const leaseMs = ({ grants }: LeaseContext, { deadlineMs }: KeeperProvider): number =>
  1.5 * (deadlineMs + graceMs + Math.max(writeMs, 2 * grants.writeMs));

/** A lease that this process took on a grant (B6). It is lost when another process takes it. */
export class Lease {
  readonly provider: KeeperProvider;
  readonly #context: LeaseContext;
  readonly #taken: Moment;
  /** The record as this process last wrote or read it. */
  #stored: StoredGrant<HeldRecord>;
  /** When this process last knew that it held the lease. */
  #confirmed: Moment;

  private constructor(context: LeaseContext, provider: KeeperProvider, stored: StoredGrant<HeldRecord>, taken: Moment) {
    this.#context = context;
    this.provider = provider;
    this.#stored = stored;
    this.#taken = taken;
    this.#confirmed = taken;
  }

  /** Takes the lease and makes `change` in one write; undefined if another process changed the record first. */
  static async take(
    context: LeaseContext,
    stored: StoredGrant,
    provider: KeeperProvider,
    change: Partial<GrantRecord>,
  ): Promise<Lease | undefined> {
    const now = momentOf(context.world);
    const taken = await context.grants.write(stored, {
      ...stored.record,
      ...change,
      fence: stored.record.fence + 1,
      lease: { owner: context.owner, beat: 0, ms: leaseMs(context, provider) },
    });
    return taken && new Lease(context, provider, taken, now);
  }

  get stored(): StoredGrant {
    return this.#stored;
  }

  /**
   * Reads the record again, right before a request, and sends a heartbeat where less than two thirds of the lease are
   * certainly left. False: the lease is lost.
   */
  async confirm(): Promise<boolean> {
    let isHeld = (await this.#reread()) === this.#stored;
    for (let renewals = 0; isHeld && this.#isAging() && renewals < mostRenewals; renewals++)
      isHeld = await this.#heartbeat();
    return isHeld && !this.#isAging();
  }

  #isAging(): boolean {
    return elapsedMs(this.#confirmed, momentOf(this.#context.world)) >= this.#stored.record.lease.ms / 3;
  }

  /** What the store has now; it is `#stored` afterwards if the lease is still held. */
  async #reread(): Promise<StoredGrant> {
    const { id, fence } = this.#stored.record;
    const found = await this.#context.grants.read(id);
    if (isHeldBy(this.#context.owner, fence, found)) this.#stored = found;
    return found;
  }

  /**
   * Shows the other processes that the holder lives, and the holder that it still holds the lease. A lease that ran out
   * unclaimed goes on; a slow store makes it longer. False: the lease is lost.
   */
  #heartbeat(): Promise<boolean> {
    let isHeld: boolean | undefined;
    return retryOnConflict(this.#stored.record.id, async () => {
      isHeld = isHeld === undefined || (await this.#reread()) === this.#stored;
      return isHeld && ((await this.#renew()) || conflict);
    });
  }

  async #renew(): Promise<boolean> {
    const now = momentOf(this.#context.world);
    const { record } = this.#stored;
    const { owner, beat, ms } = record.lease;
    const lease = { owner, beat: beat + 1, ms: Math.max(ms, leaseMs(this.#context, this.provider)) };
    const renewed = await this.#context.grants.write(this.#stored, { ...record, lease });
    if (renewed !== undefined) {
      this.#stored = renewed;
      this.#confirmed = now;
    }
    return renewed !== undefined;
  }

  /**
   * Makes one request under the lease, with a heartbeat every third of it. Resolves to undefined a little after the
   * deadline, so that a process that slept through it still gets an answer that is there.
   */
  async during<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const { world } = this.#context;
    const [stop, answered] = [new AbortController(), new AbortController()];
    const answer = request(stop.signal)
      .catch(() => undefined)
      .finally(() => answered.abort());
    const began = momentOf(world);
    const { ms } = this.#stored.record.lease;
    const pause = (forMs: number): Promise<void> => world.sleep(forMs, answered.signal).catch(() => undefined);
    let isHeld = true;
    let leftMs: number;
    do {
      leftMs = this.provider.deadlineMs + graceMs - elapsedMs(began, momentOf(world));
      await Promise.race([answer, pause(Math.max(0, Math.min(ms / 3, leftMs)))]);
      if (answered.signal.aborted) return answer;
      if (leftMs > 0) isHeld &&= await this.#heartbeat().catch(() => true);
    } while (leftMs > 0);
    stop.abort();
    return undefined;
  }

  /** Whether another attempt ends before the holder must give up. */
  hasTimeForAnother(): boolean {
    const goneMs = elapsedMs(this.#taken, momentOf(this.#context.world));
    return goneMs + this.provider.deadlineMs < longestLeases * this.#stored.record.lease.ms;
  }

  /** Gives the lease back with the record that `change` makes, and resolves to that. Undefined: the lease is lost. */
  release<T extends { record: GrantRecord }>(change: (record: GrantRecord) => T): Promise<T | undefined> {
    const { world, grants } = this.#context;
    const { id } = this.#stored.record;
    let written: { text: string; result: T } | undefined;
    const attempt = async (): Promise<T | undefined | typeof conflict> => {
      const found = written && (await this.#reread());
      // A write that seemed to fail had happened.
      if (found && JSON.stringify(found.record) === written?.text) return written.result;
      if (found && found !== this.#stored) return undefined;
      const result = change(this.#stored.record);
      const record = { ...result.record, lease: undefined };
      written = { text: JSON.stringify(record), result };
      return (await grants.write(this.#stored, record)) ? result : conflict;
    };
    return retryWhileUnavailable(world, () => retryOnConflict(id, attempt));
  }
}

/** Still the same lease: no other process has taken one since, which would have raised the fencing token. */
const isHeldBy = (owner: string, fence: number, stored: StoredGrant): stored is StoredGrant<HeldRecord> =>
  stored.record.lease?.owner === owner && stored.record.fence === fence;
