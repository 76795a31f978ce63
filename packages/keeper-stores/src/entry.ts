import { isKey } from "@symbolon/client/keeper";

/** Throws where a key or a value is one that some store could not keep as it is: a broken program, not bad luck. */
export function validateEntry(key: string, value = ""): void {
  if (!isKey(key))
    throw new TypeError(`key: ${JSON.stringify(key)} is not 1 to 200 of A-Z a-z 0-9 _ . -, or begins with a dot`);
  if (value.includes("\0") || !value.isWellFormed())
    throw new TypeError(`value of ${key}: holds a zero character or half of a surrogate pair`);
}

/** Keys are ASCII, so what begins with `prefix` lies between these two, the second excluded. */
export const keyRange = (prefix: string): { from: string; below: string } => ({ from: prefix, below: `${prefix}\x7f` });
