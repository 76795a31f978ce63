import { clientClauses } from "./clauses-kept/client.ts";
import { coreClauses } from "./clauses-kept/core.ts";
import { extensionClauses } from "./clauses-kept/extensions.ts";
import { practiceClauses } from "./clauses-kept/practice.ts";

/**
 * A clause of a standard that an endpoint or the client keeps: what that means here, in one sentence, and the files
 * that do it.
 */
export type KeptClause = { clause: string; keeps: string; files: readonly string[] };

export const keptClauses: readonly KeptClause[] = [
  ...coreClauses,
  ...practiceClauses,
  ...extensionClauses,
  ...clientClauses,
];
