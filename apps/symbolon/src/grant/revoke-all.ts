import type { GrantId } from "@symbolon/protocol";
import { decideRevoke, nowOf, type GrantFilter, type RevocationReason } from "@symbolon/server";
import type { System } from "../data/open-system.ts";

const batch = 500;

/**
 * Revokes every grant that fits and is not revoked yet, and tells how many. In batches, so that a server at work never
 * waits long for the lock; again from the newest on until a walk finds none, because consent may have been under way.
 */
export async function revokeGrants(
  filter: Pick<GrantFilter, "application" | "owner">,
  because: RevocationReason,
  system: System,
): Promise<number> {
  let revoked = 0;
  for (;;) {
    const found = await walk(filter, because, system);
    revoked += found;
    if (found === 0) return revoked;
  }
}

async function walk(
  filter: Pick<GrantFilter, "application" | "owner">,
  because: RevocationReason,
  { store, clock }: System,
): Promise<number> {
  const decide = decideRevoke(because, nowOf(clock));
  let revoked = 0;
  let before: GrantId | undefined;
  for (;;) {
    const grants = await store.grants.list({ ...filter, limit: batch, ...(before === undefined ? {} : { before }) });
    if (grants.length === 0) return revoked;
    const live = grants.filter(({ state }) => state !== "revoked");
    await Promise.all(live.map(({ id }) => store.grants.change(id, decide)));
    revoked += live.length;
    before = grants.at(-1)!.id;
  }
}
