import type { GrantId } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import type { GrantFilter } from "../store/contract.ts";
import type { RevocationReason } from "./grant.ts";
import { decideRevoke, type RevokeOutcome } from "./revoke.ts";

/** Small enough that a server at work never waits long for the write lock. */
const batchSize = 500;

type Whose = Pick<GrantFilter, "application" | "owner">;

/**
 * Revokes every grant that fits `whose` and is not revoked yet, and tells how many. Repeats the pass until it finds
 * none, because a consent that is under way can store one more grant.
 */
export async function revokeGrants(
  whose: Whose,
  because: RevocationReason,
  deps: Pick<Deps, "store" | "clock">,
): Promise<number> {
  let total = 0;
  for (;;) {
    const revoked = await revokeOnePass(whose, because, deps);
    total += revoked;
    if (revoked === 0) return total;
  }
}

/** Walks through the grants from the newest to the oldest. */
async function revokeOnePass(
  whose: Whose,
  because: RevocationReason,
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<number> {
  const decide = decideRevoke(because, nowOf(clock));
  let revoked = 0;
  let before: GrantId | undefined;
  for (;;) {
    const grants = await store.grants.list({ ...whose, limit: batchSize, ...(before === undefined ? {} : { before }) });
    if (grants.length === 0) return revoked;
    const live = grants.filter(({ state }) => state !== "revoked");
    await Promise.all(live.map(({ id }) => store.grants.change(id, decide)));
    revoked += live.length;
    before = grants.at(-1)!.id;
  }
}

/** Revokes one grant in any state. `unchanged`: it was revoked before. */
export async function revokeGrant(
  id: GrantId,
  because: RevocationReason,
  { store, clock }: Pick<Deps, "store" | "clock">,
): Promise<RevokeOutcome> {
  const { result } = await store.grants.change(id, decideRevoke(because, nowOf(clock)));
  return result;
}
