/**
 * Where records live. A store keeps text under keys and promises one thing: `write` is a compare-and-set that is
 * durable when it resolves. Lease, fence, intent and tokens of a grant are one record, so whatever the keeper does is
 * one such write, and there is nothing between two of them to race. What is secret in a value is sealed before it gets
 * here.
 *
 * Every method rejects where the store does not answer; a rejected `write` may or may not have happened. A key that is
 * no key (`isKey`) is rejected before anything is touched. `store-contract.ts` is this page as tests.
 */
export type KeeperStore = {
  read(key: string): Promise<Entry | undefined>;
  /**
   * Writes `value` if the entry has the revision `expected`, or does not exist where that is 0. Answers the new
   * revision, or undefined where somebody else was first. A revision is a safe integer above 0 that this key has never
   * had before, not even before it was removed: who still holds an old one is always refused.
   */
  write(key: string, expected: number, value: string): Promise<number | undefined>;
  /** Removes the entry if it has the revision `expected`; answers whether it did. */
  remove(key: string, expected: number): Promise<boolean>;
  /**
   * Every entry whose key begins with `prefix`, in the order of the keys' bytes. What is written meanwhile may be
   * missing or there, but what stands still is there once.
   */
  entries(prefix: string): AsyncIterable<Entry & { key: string }>;
  /** Afterwards every method rejects. Closing twice is closing once. */
  close(): Promise<void>;
};

export type Entry = { revision: number; value: string };

/**
 * Keys are 1 to 200 of these characters, capitals and small letters apart, so that any store, a directory too, can use
 * them nearly as they are.
 */
export const isKey = (text: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/.test(text);
