/** Text to be kept for longer than its request: of a piece cut out of it, V8 would keep the whole. */
export const cutFree = (text: string): string => Buffer.from(text).toString();

/**
 * A map that never holds more than so many bytes, as `weigh` estimates them. Two generations: what is asked for moves
 * to the young one; when that is half of the bound, it becomes the old one, and the old one is forgotten. So rows in
 * use stay, and a hit costs one look-up.
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
