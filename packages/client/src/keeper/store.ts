/**
 * Where records live. A store keeps text under keys and promises one thing: `write` is a compare-and-set that is durable
 * when it resolves. Lease, fence, intent and tokens of a grant are one record, so whatever the keeper does is one such write,
 * and there is nothing between two of them to race. What is secret in a value is sealed before it gets here.
 *
 * Every method rejects where the store does not answer; a rejected `write` may or may not have happened.
 */
export type KeeperStore = {
  read(key: string): Promise<Entry | undefined>;
  /** Writes `value` if the entry has the revision `expected`, or does not exist where that is 0. Answers the new revision, which only grows, or undefined where somebody else was first. */
  write(key: string, expected: number, value: string): Promise<number | undefined>;
  /** Removes the entry if it has the revision `expected`. */
  remove(key: string, expected: number): Promise<boolean>;
  /** Every entry whose key begins with `prefix`, in the order of keys. */
  entries(prefix: string): AsyncIterable<Entry & { key: string }>;
  close(): Promise<void>;
};

export type Entry = { revision: number; value: string };

/** Keys are 1 to 200 of these characters, so that any store, a directory too, can use them as they are. */
export const isKey = (text: string): boolean => /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/.test(text);
