import { clientClauses } from "./clauses-kept/client.ts";
import { coreClauses } from "./clauses-kept/core.ts";
import { extensionClauses } from "./clauses-kept/extensions.ts";
import { practiceClauses } from "./clauses-kept/practice.ts";
import type { KeptClause } from "./clauses-kept/kept-clause.ts";

export const keptClauses: readonly KeptClause[] = [
  ...coreClauses,
  ...practiceClauses,
  ...extensionClauses,
  ...clientClauses,
];
