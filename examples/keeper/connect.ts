import { sealTokens, type StoredTokens, type Tokens } from "@symbolon/client";
import type { Keeper } from "@symbolon/client/keeper";

/**
 * Hands the tokens over to the keeper after a consent. `subject` says whose they are, so that a second consent of the
 * same company replaces the first.
 */
export async function adoptTokens(keeper: Keeper, company: string, tokens: Tokens) {
  await keeper.adopt(`gusto.${company}`, tokens, { subject: company });
}

/** Brings in tokens that your own database has in the clear. Afterwards only the keeper refreshes them. */
export async function bringIn(keeper: Keeper, rows: Iterable<StoredTokens & { company: string }>) {
  for (const row of rows) await keeper.adopt(`gusto.${row.company}`, sealTokens(row), { subject: row.company });
}

/** Calls the API. The keeper adds the access token and refreshes it when needed. */
export async function getPayrolls(keeper: Keeper, company: string, url: string) {
  const response = await keeper.fetch(`gusto.${company}`, { needs: ["payrolls:read"] })(url);
  return response.status;
}
