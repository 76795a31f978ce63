import { lineOf, type Literal } from "../source-text.ts";
import type { HouseFile, Violation } from "./tree.ts";

const anyType = /(?:[:<|&,[]\s*|=>?\s*|\b(?:as|satisfies|extends|keyof|readonly)\s+)any\b(?!\s*[:(?.=])/g;

/** `any` switches the compiler off; `unknown` keeps it on. */
export const checkAny = ({ path, text, source }: HouseFile): Violation[] =>
  [...(source?.code.matchAll(anyType) ?? [])].map((found) => ({
    path,
    line: lineOf(text, found.index + found[0].length - 1),
    says: "uses the type any; unknown asks the same and checks the answer",
  }));

const beginsAsSql =
  /^\s*(?:select|insert|update|delete|replace|with|create|drop|alter|pragma|begin|commit|savepoint|vacuum|attach)\b/i;
const holdsSql = /\b(?:SELECT|INSERT INTO|DELETE FROM|WHERE|VALUES|ORDER BY|RETURNING|PRAGMA)\b/;

/** Values reach SQL as bound parameters. @see attacks ST-03 */
export function checkSql({ path, text, source }: HouseFile): Violation[] {
  if (source === undefined || !/^packages\/store-[^/]+\/src\//.test(path)) return [];
  return source.literals
    .filter((literal) => beginsAsSql.test(literal.text) || holdsSql.test(literal.text))
    .filter((literal) => literal.substitutions > 0 || isJoinedToValue(source.code, literal))
    .map((literal) => ({
      path,
      line: lineOf(text, literal.start),
      says: "builds SQL out of values; write it whole and bind parameters",
    }));
}

/** `"SELECT …" + x`, but not one literal after another. */
const isJoinedToValue = (code: string, literal: Literal): boolean =>
  /^\s*\+\s*[^"'`\s]/.test(code.slice(literal.end)) ||
  /[^"'`\s+=(,:>]\s*\+\s*$/.test(code.slice(Math.max(0, literal.start - 40), literal.start));
