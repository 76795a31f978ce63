/**
 * What a value must look like, by example: its parts, with `?` after the names of optional ones, and the element of a
 * list. A pattern stands for texts that match it.
 */
export type Shape =
  | string
  | number
  | true
  | RegExp
  | (() => string)
  | readonly [Shape]
  | { readonly [part: string]: Shape };

/** The largest number: the last time that `Date` can express, in milliseconds. */
const longest = 8.64e15;

/** The path of the first part that does not match `shape`, "" for the whole. Parts that `shape` lacks are ignored. */
export function misfitOf(value: unknown, shape: Shape): string | undefined {
  if (shape instanceof RegExp) return typeof value === "string" && shape.test(value) ? undefined : "";
  if (
    typeof value !== typeof shape ||
    value === null ||
    (typeof value === "number" && !(Math.abs(value) <= longest)) ||
    Array.isArray(value) !== Array.isArray(shape)
  )
    return "";
  if (typeof shape !== "object") return undefined;
  const parts: [string, Shape][] = Array.isArray(shape)
    ? Object.keys(value as object).map((index) => [index, (shape as readonly [Shape])[0]])
    : Object.entries(shape);
  for (const [name, expected] of parts) {
    const part = name.replace("?", "");
    const found = (value as Record<string, unknown>)[part];
    if (part !== name && found === undefined) continue;
    const misfit = misfitOf(found, expected);
    if (misfit !== undefined) return misfit === "" ? part : `${part}.${misfit}`;
  }
  return undefined;
}
