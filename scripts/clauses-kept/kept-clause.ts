/**
 * A clause of a standard that an endpoint or the client implements: what it requires of them, in one sentence, and the
 * files that do it.
 */
export type KeptClause = { clause: string; keeps: string; files: readonly string[] };
