/** A scope to ask for: as on the wire, or its names; those that the profile knows are suggested, any other is sent too. */
export type ScopeRequest<Scope extends string = string> = string | readonly (Scope | (string & {}))[];

export const scopeText = (scope: ScopeRequest | undefined): string | undefined => (scope === undefined || typeof scope === "string" ? scope : scope.join(" "));
