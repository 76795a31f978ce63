import type { World } from "../world.ts";
import { serverNowMs, type ClockOffsets } from "./clock-offsets.ts";
import { KeeperError } from "./errors.ts";
import { emitOf, type KeeperEvent } from "./events.ts";
import { rotate } from "./judge.ts";
import { providerOf, type KeeperProvider } from "./provider.ts";
import { boundTo, keyPart, readRecord, replayWindowMs, type GrantRecord, type TokenPair } from "./record.ts";
import { conflict, retryOnConflict } from "./retry.ts";
import { isKey, type KeeperStore } from "./store.ts";
import { ageMs, elapsedMs, momentOf, observe, type Moment, type Observation } from "./time.ts";
import type { Vault } from "./vault.ts";

/** A record as it was read, and what this process has observed of it. */
export type StoredGrant<Record extends GrantRecord = GrantRecord> = {
  record: Record;
  revision: number;
  observation: Observation;
};

type GrantsContext = {
  store: KeeperStore;
  vault: Vault;
  world: World;
  clockOffsets: ClockOffsets;
  providers: readonly KeeperProvider[];
  emit(event: KeeperEvent): void;
};

const mostInMemory = 10_000;

/** The records of the store, with a copy of the latest in memory. */
export class Grants {
  readonly #context: GrantsContext;
  readonly #memory = new Map<string, StoredGrant>();
  /** The latest text of each record: an unchanged one is not parsed again. */
  readonly #parsed = new Map<string, { text: string; record: GrantRecord }>();
  /** Of records with a lease or an intent, which must be observed however many others are read meanwhile. */
  readonly #watched = new Map<string, Observation>();
  readonly #pairs = new Map<string, { of: string; pair: TokenPair }>();
  readonly #reading = new Map<string, Promise<StoredGrant>>();
  /** How long a write takes: the slowest of late. */
  writeMs = 0;

  constructor(context: GrantsContext) {
    this.#context = context;
  }

  /** The record as the store has it now. Rejects with "unknown_grant" or "unreadable". */
  async read(id: string): Promise<StoredGrant> {
    const entry = await this.#context.store.read(grantKey(id));
    if (entry === undefined) throw new KeeperError("unknown_grant", { id });
    const known = this.#parsed.get(id);
    const parsed = known?.text === entry.value ? known : { text: entry.value, record: readRecord(id, entry.value) };
    this.#parsed.set(id, parsed);
    return this.remember(parsed.record, entry.revision);
  }

  /** The same; calls during a read share its result. */
  readShared(id: string): Promise<StoredGrant> {
    const reading: Promise<StoredGrant> =
      this.#reading.get(id) ??
      this.read(id).finally(() => {
        if (this.#reading.get(id) === reading) this.#reading.delete(id);
      });
    this.#reading.set(id, reading);
    return reading;
  }

  /** The copy in memory, however old: for when the store does not answer. */
  inMemory(id: string): StoredGrant | undefined {
    return this.#memory.get(id);
  }

  /** Every record that can be read. */
  async *all(): AsyncGenerator<StoredGrant> {
    for await (const { key, ...entry } of this.#context.store.entries("g.")) {
      try {
        const record = readRecord(undefined, entry.value);
        if (grantKey(record.id) === key) yield this.remember(record, entry.revision);
      } catch {
        // Damaged, or of a newer format: a read of its id reports that.
      }
    }
  }

  /**
   * Replaces the record that was read by `record`. Resolves to undefined if another process changed it first.
   * `bornAt`: when the request began that brought this version.
   */
  async write<Record extends GrantRecord>(
    { revision }: { revision: number },
    record: Record,
    bornAt?: Moment,
  ): Promise<StoredGrant<Record> | undefined> {
    const { world, store } = this.#context;
    const begun = momentOf(world);
    const written = await store.write(grantKey(record.id), revision, JSON.stringify(record));
    this.writeMs = Math.max(elapsedMs(begun, momentOf(world)), this.writeMs * 0.9);
    this.#reading.delete(record.id);
    return written === undefined ? undefined : this.remember(record, written, bornAt);
  }

  /** Reads, changes and writes a record. Resolves to what was written, or undefined if `change` answers that. */
  update(id: string, change: (record: GrantRecord) => GrantRecord | undefined): Promise<GrantRecord | undefined> {
    return retryOnConflict(id, async () => {
      const stored = await this.read(id);
      const next = change(stored.record);
      return next === undefined || (await this.write(stored, next)) ? next : conflict;
    });
  }

  /** Notes a record that was read or written just now. */
  remember<Record extends GrantRecord>(record: Record, revision: number, bornAt?: Moment): StoredGrant<Record> {
    const { world, clockOffsets } = this.#context;
    const { id, issuer, lease, intent } = record;
    const now = momentOf(world);
    const before = this.#memory.get(id)?.observation ?? this.#watched.get(id);
    const seen = observe(before, record, now, clockOffsets.get(issuer));
    const observation = bornAt === undefined ? seen : { ...seen, ageMs: elapsedMs(bornAt, now), since: now };
    const stored = { record, revision, observation };
    if (lease === undefined && intent === undefined) this.#watched.delete(id);
    else this.#watched.set(id, observation);
    this.#memory.delete(id);
    this.#memory.set(id, stored);
    this.#forgetOldest();
    return stored;
  }

  #forgetOldest(): void {
    for (const oldest of this.#memory.keys()) {
      if (this.#memory.size <= mostInMemory) break;
      this.#memory.delete(oldest);
      this.#parsed.delete(oldest);
      this.#pairs.delete(oldest);
    }
  }

  /** The record's pair, where memory has it opened. */
  pairInMemory(record: GrantRecord): TokenPair | undefined {
    const known = this.#pairs.get(record.id);
    return known?.of === boundTo(record, record.version) + record.current ? known.pair : undefined;
  }

  /** The record's pair. Rejects with "unreadable". */
  async pair(record: GrantRecord): Promise<TokenPair> {
    const bound = boundTo(record, record.version);
    const pair =
      this.pairInMemory(record) ?? (JSON.parse(await this.#context.vault.open(record.current, bound)) as TokenPair);
    this.#pairs.set(record.id, { of: bound + record.current, pair });
    return pair;
  }

  /** The same. Undefined: the pair was damaged, and its predecessor has replaced it, so read the record again. */
  async pairOrRestore(stored: StoredGrant): Promise<TokenPair | undefined> {
    try {
      return await this.pair(stored.record);
    } catch (error) {
      if (!isDamage(error) || !(await this.#restorePrevious(stored))) throw error;
      return undefined;
    }
  }

  /**
   * Makes the predecessor of a damaged pair the next version, with a lifetime of 0, so that it is refreshed before it
   * is handed out (C-11). False: no predecessor can be spent without harm, and the record stays as it is.
   */
  async #restorePrevious(stored: StoredGrant): Promise<boolean> {
    const { vault } = this.#context;
    const { record } = stored;
    const { version, previous = "", boughtUnder: fence } = record;
    const pair = await vault.open(previous, boundTo(record, version - 1)).catch(() => undefined);
    if (pair === undefined || !this.#canSpendPrevious(stored)) return false;
    const atMs = serverNowMs(this.#context, record.issuer);
    const sealed = await vault.seal(pair, boundTo(record, version + 1));
    const { clientGeneration, issuedAt, evidence } = record;
    const restored: GrantRecord = {
      ...rotate(record, sealed, { lifetimeSeconds: 0 }, { ...issuedAt, clientGeneration, fence, fraction: 0 }),
      previous: undefined,
      fence: record.fence + 1,
      evidence: [...evidence, { atMs, version, code: "damaged_pair" }],
    };
    if (await this.write(stored, restored)) emitOf(this.#context, restored, { type: "restored" });
    return true;
  }

  /**
   * Whether the provider accepts a spent token even after its successor was used. `lazy` providers do not, nor do those
   * that need the intent key, which is gone. While a refresh is open the predecessor may be two generations old (I3).
   */
  #canSpendPrevious({ record, observation }: StoredGrant): boolean {
    const { class: rotation, intent } = record;
    return (
      intent === undefined &&
      !providerOf(this.#context, record).readsIntent &&
      rotation.kind !== "strict" &&
      rotation.kind !== "lazy" &&
      ageMs(observation, momentOf(this.#context.world)) < replayWindowMs(rotation)
    );
  }
}

/** The sealed text is damaged; the key is right. */
export const isDamage = (error: unknown): boolean =>
  error instanceof KeeperError && error.code === "unreadable" && error.field === "seal";

/** The key of a grant's record. Throws "invalid_input" for an id that does not fit in a key. */
export function grantKey(id: string): string {
  const key = `g.${keyPart(id)}`;
  if (typeof id !== "string" || id === "" || !isKey(`${key}.${Number.MAX_SAFE_INTEGER}`))
    throw new KeeperError("invalid_input", { field: "id", expected: "a text that fits in a key" });
  return key;
}
