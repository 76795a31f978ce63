import { ok, refuse, type Result } from "./result.ts";

/** Scope tokens in the order asked for, each once. Case counts. */
export type Scope = readonly string[];

const maximumNames = 100;
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/**
 * Reads a space-separated scope. Absent is the caller's to judge; malformed or over 100 names is `scope_malformed`.
 * @see RFC 6749 §3.3
 */
export function parseScope(text: string): Result<Scope> {
  const names = text.split(" ");
  if (names.length > maximumNames || !names.every((name) => scopeToken.test(name)))
    return refuse("scope_malformed", "scope");
  return ok([...new Set(names)]);
}

export const formatScope = (scope: Scope): string => scope.join(" ");

/** Whether every name of `asked` is among `granted`. */
export const covers = (granted: Scope, asked: Scope): boolean => asked.every((name) => granted.includes(name));

/** Whether both hold the same names, in whatever order. */
export const sameScope = (one: Scope, other: Scope): boolean => one.length === other.length && covers(one, other);
