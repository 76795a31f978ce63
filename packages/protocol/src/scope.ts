import { ok, refuse, type Result } from "./result.ts";

/** Scope names, case-sensitive, in the order of the request, without duplicates. */
export type Scope = readonly string[];

const maximumNames = 100;
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/**
 * Parses a space-separated scope. Refuses a malformed one, and one with more than 100 names, with `scope_malformed`.
 * @see RFC 6749 §3.3
 */
export function parseScope(text: string): Result<Scope> {
  const names = text.split(" ");
  if (names.length > maximumNames || !names.every((name) => scopeToken.test(name)))
    return refuse("scope_malformed", "scope");
  return ok([...new Set(names)]);
}

export const formatScope = (scope: Scope): string => scope.join(" ");

/** Whether `granted` contains every name of `asked`. */
export const covers = (granted: Scope, asked: Scope): boolean => asked.every((name) => granted.includes(name));

/** Whether both hold the same names, in any order. */
export const sameScope = (one: Scope, other: Scope): boolean => one.length === other.length && covers(one, other);
