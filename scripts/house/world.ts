import { lineOf } from "../source-text.ts";
import { isTest, type HouseFile, type Violation } from "./tree.ts";

const worldly: readonly [pattern: RegExp, name: string][] = [
  [/\bDate\.now\b/g, "Date.now"],
  [/\bnew Date\(\s*\)/g, "new Date()"],
  [/\bMath\.random\b/g, "Math.random"],
  [/\bperformance\.now\b/g, "performance.now"],
  [/\bhrtime\b/g, "hrtime"],
  [/\brandom(?:Bytes|UUID|FillSync|Fill|Int)\b/g, "node's randomness"],
  [/\bgetRandomValues\b/g, "getRandomValues"],
  [/(?<![\w$.]|function )fetch\(/g, "fetch"],
  [/(?<![\w$.])set(?:Timeout|Interval)\(/g, "a timer"],
];

/** A file named after a piece of the world is where that piece enters. */
const edge = /edge|clock|random|timer/;

/** The clock, randomness, the network and timers are passed in. @see docs/reference/style.md §6 */
export function checkWorld({ path, text, source }: HouseFile): Violation[] {
  if (source === undefined || !/^packages\/[^/]+\/src\//.test(path) || isTest(path)) return [];
  if (edge.test(path.split("/").at(-1)!)) return [];
  return worldly.flatMap(([pattern, name]) =>
    [...source.code.matchAll(pattern)].map((found) => ({
      path,
      line: lineOf(text, found.index),
      says: `${name} is used; take it as an argument, or move it to a file named *edge*, *clock*, *random* or *timer*`,
    })),
  );
}
