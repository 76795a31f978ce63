import { isKey } from "@symbolon/client/keeper";

/** Throws `TypeError` for a key or value that not every store can hold unchanged. */
export function validateEntry(key: string, value = ""): void {
  if (!isKey(key))
    throw new TypeError(
      `key: ${JSON.stringify(key)} must be 1 to 200 characters of A-Z a-z 0-9 _ . - and not begin with a dot`,
    );
  if (value.includes("\0") || !value.isWellFormed())
    throw new TypeError(`value of ${key}: contains a NUL character or a lone surrogate`);
}

/** Bounds of all keys that begin with `prefix`: `from` is included, `below` excluded. Keys are ASCII. */
export const keyRange = (prefix: string): { from: string; below: string } => ({ from: prefix, below: `${prefix}\x7f` });
