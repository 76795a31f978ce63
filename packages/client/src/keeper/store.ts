/**
 * Keeps text under keys. `write` is a compare-and-set that is durable when it resolves. Lease, fencing token, intent
 * and tokens of a grant are one record, so each step of the keeper is one write, and there are no two writes to race
 * between. Secrets in a value are sealed before they reach the store.
 *
 * Every method rejects if the store does not answer; a rejected `write` may or may not have happened. An invalid key
 * (`isKey`) is rejected before anything is read or written. `store-contract.ts` tests all of this.
 */
export type KeeperStore = {
  /** The entry, or undefined if there is none. */
  read(key: string): Promise<Entry | undefined>;
  /**
   * Writes `value` if the entry has the revision `expected`, or does not exist where that is 0. Resolves to the new
   * revision, or to undefined if another process was first. A revision is a safe integer above 0 that this key has
   * never had before, not even before a removal, so that an old revision is always refused.
   */
  write(key: string, expected: number, value: string): Promise<number | undefined>;
  /** Removes the entry if it has the revision `expected`; resolves to whether it did. */
  remove(key: string, expected: number): Promise<boolean>;
  /**
   * Every entry whose key begins with `prefix`, in the order of the keys' bytes. Entries that change meanwhile may be
   * missing; unchanged ones are listed once.
   */
  entries(prefix: string): AsyncIterable<Entry & { key: string }>;
  /** Afterwards every method rejects. Can be called twice. */
  close(): Promise<void>;
};

/** What a store keeps under a key. */
export type Entry = {
  /** Changes with every write of the key. */
  revision: number;
  /** What was written. */
  value: string;
};

/** Keys are 1 to 200 of these characters, case-sensitive, so that any store can use them, file names included. */
export const isKey = (text: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/.test(text);
