import type { Keeper } from "@symbolon/client/keeper";

/** Every few minutes, in one process or in all of them: refreshes what is due before anybody waits for it. */
export async function care(keeper: Keeper, signal: AbortSignal) {
  const { worked, failed } = await keeper.sweep({ signal });
  return { worked, failed: Object.keys(failed) };
}

/** An employee has left, or a secret has leaked: everything of one provider ends, here first, then there. */
export const endAllOf = (keeper: Keeper, issuer: string) => keeper.revokeWhere((status) => status.issuer === issuer);
