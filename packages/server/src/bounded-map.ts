/** Copies text that is kept for longer than the request: V8 would keep the whole string that it was sliced from. */
export const copyString = (text: string): string => Buffer.from(text).toString();

/**
 * A cache that holds at most `maximumBytes`, as `weigh` estimates them. It has two generations: an entry that is read
 * or written moves to the young one. When the young one holds half of the bound, it becomes the old one, whose entries
 * are dropped. So entries in use stay, and a hit costs one look-up.
 */
export class BoundedMap<K, V> {
  readonly #halfBytes: number;
  readonly #weigh: (row: V, key: K) => number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  #youngBytes = 0;

  constructor(maximumBytes: number, weigh: (row: V, key: K) => number) {
    this.#halfBytes = maximumBytes / 2;
    this.#weigh = weigh;
  }

  get(key: K): V | undefined {
    const row = this.#young.get(key);
    if (row !== undefined) return row;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, row: V): void {
    this.delete(key);
    const bytes = this.#weigh(row, key);
    if (bytes > this.#halfBytes) return;
    if (this.#youngBytes + bytes > this.#halfBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, row);
    this.#youngBytes += bytes;
  }

  delete(key: K): void {
    const row = this.#young.get(key);
    if (row !== undefined) {
      this.#young.delete(key);
      this.#youngBytes -= this.#weigh(row, key);
    }
    this.#old.delete(key);
  }

  clear(): void {
    if (this.size === 0) return;
    this.#young = new Map();
    this.#old = new Map();
    this.#youngBytes = 0;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
