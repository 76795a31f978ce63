import type { Node } from "oxc-parser";
import { readString, type SourceString } from "./syntax.ts";
import type { HouseFile, Violation } from "./tree.ts";

/** `any` switches the compiler off; `unknown` keeps it on. */
export function checkAny({ path, text, syntax }: HouseFile): Violation[] {
  if (syntax === undefined || !/\bany\b/.test(text)) return [];
  const found: Violation[] = [];
  syntax.visit({
    TSAnyKeyword: ({ start }) =>
      void found.push({ path, line: syntax.lineAt(start), message: "uses the type any; use unknown and narrow it" }),
  });
  return found;
}

const beginsAsSql =
  /^\s*(?:select|insert|update|delete|replace|with|create|drop|alter|pragma|begin|commit|savepoint|vacuum|attach)\b/i;
const containsSql = /\b(?:SELECT|INSERT INTO|DELETE FROM|WHERE|VALUES|ORDER BY|RETURNING|PRAGMA)\b/;

const isSql = ({ text }: SourceString): boolean => beginsAsSql.test(text) || containsSql.test(text);

/** Values reach SQL as bound parameters. @see attacks ST-03 */
export function checkSql({ path, syntax }: HouseFile): Violation[] {
  if (syntax === undefined || !/^packages\/store-[^/]+\/src\//.test(path)) return [];
  const starts = new Set<number>();
  const inner = new Set<Node>();
  syntax.visit({
    TemplateLiteral: (node) => {
      const string = readString(node)!;
      if (string.substitutions > 0 && isSql(string)) starts.add(string.start);
    },
    BinaryExpression: (node) => {
      if (node.operator !== "+" || inner.has(node)) return;
      const strings = operandsOf(node, inner).map(readString);
      const sql = strings.find((string) => string !== undefined && isSql(string));
      if (sql !== undefined && strings.includes(undefined)) starts.add(sql.start);
    },
  });
  return [...starts].map((start) => ({
    path,
    line: syntax.lineAt(start),
    message: "builds SQL out of values; write one literal and bind parameters",
  }));
}

/** `a + b + c` as three nodes; adds the sums inside of it to `inner`. */
function operandsOf(node: Node, inner: Set<Node>): Node[] {
  if (node.type !== "BinaryExpression" || node.operator !== "+") return [node];
  inner.add(node);
  return [...operandsOf(node.left, inner), ...operandsOf(node.right, inner)];
}
