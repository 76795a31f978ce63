import { KeeperError } from "./errors.ts";
import { boundTo, keyPart, readRecord, type GrantRecord, type TokenPair } from "./record.ts";
import { isKey, type KeeperStore } from "./store.ts";
import { elapsedMs, look, momentOf, type Moment, type Sight } from "./time.ts";
import type { World } from "../world.ts";
import type { Vault } from "./vault.ts";

/** A record as it was read, and what this process has seen of it. */
export type Found = { record: GrantRecord; revision: number; sight: Sight };

/** So many records are in memory at most. */
const remembered = 10_000;

/** The records of the store, and what of them is in memory. */
export class Grants {
  readonly #with: { store: KeeperStore; vault: Vault; world: World; offsets: ReadonlyMap<string, number> };
  readonly #memory = new Map<string, Found>();
  /** What was read last: the same text need not be understood again. */
  readonly #read = new Map<string, { text: string; record: GrantRecord }>();
  /** Since when somebody is at it, which must be known however many others are looked at meanwhile. */
  readonly #watched = new Map<string, Sight>();
  readonly #pairs = new Map<string, { of: string; pair: TokenPair }>();
  /** How long a write takes, by the slowest of late. */
  writeMs = 0;
  readonly #loading = new Map<string, Promise<Found>>();

  constructor(given: { store: KeeperStore; vault: Vault; world: World; offsets: ReadonlyMap<string, number> }) {
    this.#with = given;
  }

  /** The record as the store has it now. Rejects with "unknown_grant" or "unreadable". */
  async read(id: string): Promise<Found> {
    return this.#found(id, await this.#with.store.read(grantKey(id)));
  }

  /** The same; who asks while a read is on its way gets its answer. */
  shared(id: string): Promise<Found> {
    const loading: Promise<Found> =
      this.#loading.get(id) ??
      this.read(id).finally(() => {
        if (this.#loading.get(id) === loading) this.#loading.delete(id);
      });
    this.#loading.set(id, loading);
    return loading;
  }

  /** What memory has, however old: for when the store does not answer. */
  known(id: string): Found | undefined {
    return this.#memory.get(id);
  }

  /** Every record that can be read. */
  async *all(): AsyncGenerator<Found> {
    for await (const { key, ...entry } of this.#with.store.entries("g.")) {
      try {
        const record = readRecord(undefined, entry.value);
        if (grantKey(record.id) === key) yield this.remember(record, entry.revision);
      } catch {
        // Damaged, or newer than we are: whoever asks for it by its id will hear of it.
      }
    }
  }

  #found(id: string, entry: { revision: number; value: string } | undefined): Found {
    if (entry === undefined) throw new KeeperError("unknown_grant", { id });
    const before = this.#read.get(id);
    const read = before?.text === entry.value ? before : { text: entry.value, record: readRecord(id, entry.value) };
    this.#read.set(id, read);
    return this.remember(read.record, entry.revision);
  }

  /**
   * Puts `record` in the place of what was found. Answers undefined where somebody else was first. `bornAt`: when the
   * request began that brought this version.
   */
  async change({ revision }: { revision: number }, record: GrantRecord, bornAt?: Moment): Promise<Found | undefined> {
    const begun = momentOf(this.#with.world);
    const written = await this.#with.store.write(grantKey(record.id), revision, JSON.stringify(record));
    this.writeMs = Math.max(elapsedMs(begun, momentOf(this.#with.world)), this.writeMs * 0.9);
    this.#loading.delete(record.id);
    return written === undefined ? undefined : this.remember(record, written, bornAt);
  }

  /**
   * Changes a record whoever else does so too, and answers what it became; undefined where `change` leaves it as it is.
   */
  async update(id: string, change: (record: GrantRecord) => GrantRecord | undefined): Promise<GrantRecord | undefined> {
    for (;;) {
      const found = await this.read(id);
      const next = change(found.record);
      if (next === undefined || (await this.change(found, next))) return next;
    }
  }

  remember(record: GrantRecord, revision: number, bornAt?: Moment): Found {
    const now = momentOf(this.#with.world);
    const seen = look(
      this.#memory.get(record.id)?.sight ?? this.#watched.get(record.id),
      record,
      now,
      this.#with.offsets.get(record.issuer),
    );
    const sight = bornAt === undefined ? seen : { ...seen, ageMs: elapsedMs(bornAt, now), since: now };
    const found = { record, revision, sight };
    if (record.lease === undefined && record.intent === undefined) this.#watched.delete(record.id);
    else this.#watched.set(record.id, sight);
    this.#memory.delete(record.id);
    this.#memory.set(record.id, found);
    for (const oldest of this.#memory.keys()) {
      if (this.#memory.size <= remembered) break;
      this.#memory.delete(oldest);
      this.#read.delete(oldest);
      this.#pairs.delete(oldest);
    }
    return found;
  }

  /** The opened pair, at once where it is in memory. */
  opened(record: GrantRecord): TokenPair | undefined {
    const known = this.#pairs.get(record.id);
    return known?.of === boundTo(record, record.version) + record.current ? known.pair : undefined;
  }

  async pair(record: GrantRecord): Promise<TokenPair> {
    const bound = boundTo(record, record.version);
    const pair = this.opened(record) ?? (JSON.parse(await this.#with.vault.open(record.current, bound)) as TokenPair);
    this.#pairs.set(record.id, { of: bound + record.current, pair });
    return pair;
  }
}

export function grantKey(id: string): string {
  const key = `g.${keyPart(id)}`;
  if (typeof id !== "string" || id === "" || !isKey(`${key}.${Number.MAX_SAFE_INTEGER}`))
    throw new KeeperError("invalid_input", { field: "id", says: "a text that fits in a key" });
  return key;
}

/** Whatever a store throws becomes "store_unavailable". */
export function guardStore(store: KeeperStore): KeeperStore {
  const failed = (cause: unknown): never => {
    throw new KeeperError("store_unavailable", { cause });
  };
  return {
    read: (key) => store.read(key).catch(failed),
    write: (key, expected, value) => store.write(key, expected, value).catch(failed),
    remove: (key, expected) => store.remove(key, expected).catch(failed),
    async *entries(prefix) {
      try {
        yield* store.entries(prefix);
      } catch (cause) {
        failed(cause);
      }
    },
    close: () => store.close(),
  };
}
