import type { Keeper } from "@symbolon/client/keeper";

/** Refreshes the tokens that expire soon. Run it every few minutes, in one process or in all of them. */
export async function refreshDueTokens(keeper: Keeper, signal: AbortSignal) {
  const { worked, failed } = await keeper.sweep({ signal });
  return { worked, failed: Object.keys(failed) };
}

/** Revokes all grants of one provider, for example after a leak: first in the keeper, then at the provider. */
export const revokeAllOf = (keeper: Keeper, issuer: string) => keeper.revokeWhere((status) => status.issuer === issuer);
