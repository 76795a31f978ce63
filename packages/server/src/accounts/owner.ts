import type { Grant } from "../grants/grant.ts";
import type { Store } from "../store/contract.ts";
import type { Account } from "./account.ts";

/**
 * The account behind a grant. `undefined` for a client-credentials grant, or if the account is deleted or suspended.
 */
export async function liveOwner(grant: Grant, store: Store): Promise<Account | undefined> {
  const account = grant.owner === null ? undefined : await store.accounts.find(grant.owner);
  return account?.suspendedAt === null ? account : undefined;
}

/** Whether the grant has an active account, or needs none (WB-17). */
export const isOwnerLive = async (grant: Grant, store: Store): Promise<boolean> =>
  grant.owner === null || (await liveOwner(grant, store)) !== undefined;
