/**
 * A scope to ask for: as on the wire, or its names; those that the profile knows are suggested, any other is sent too.
 */
export type ScopeRequest<Scope extends string = string> = string | readonly (Scope | (string & {}))[];

/** As on the wire. What is neither a text nor a list of texts stays as it is, for the check of arguments to name. */
export const scopeText = (scope: ScopeRequest | undefined): string | undefined =>
  Array.isArray(scope) && scope.every((name) => typeof name === "string")
    ? scope.join(" ")
    : (scope as string | undefined);
