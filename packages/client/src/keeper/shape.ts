/**
 * What a value must look like, by example: its parts, `?` after those that may be missing, and the element of a list. A
 * pattern stands for texts that fit it.
 */
export type Shape =
  | string
  | number
  | true
  | RegExp
  | (() => string)
  | readonly [Shape]
  | { readonly [part: string]: Shape };

/** No number is greater than a time can be: 8.64e15 ms, where `Date` ends. */
const longest = 8.64e15;

/**
 * The path of the first part that is not as `shape` has it, "" for the whole; undefined where all fits. More parts than
 * those do no harm.
 */
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
  for (const name in Array.isArray(shape) ? value : shape) {
    const part = name.replace("?", "");
    const found = (value as Record<string, unknown>)[part];
    if (part !== name && found === undefined) continue;
    const misfit = misfitOf(found, Array.isArray(shape) ? shape[0] : (shape as Record<string, Shape>)[name]!);
    if (misfit !== undefined) return misfit === "" ? part : `${part}.${misfit}`;
  }
  return undefined;
}
