/**
 * A scope to request: one string as on the wire, or a list of names. Names known to the profile are suggested; any
 * other is sent too.
 */
export type ScopeRequest<Scope extends string = string> = string | readonly (Scope | (string & {}))[];

/** The scope as on the wire. A value of a wrong type is returned unchanged: `invalidArgument` reports it later. */
export const scopeString = (scope: ScopeRequest | undefined): string | undefined =>
  Array.isArray(scope) && scope.every((name) => typeof name === "string")
    ? scope.join(" ")
    : (scope as string | undefined);
