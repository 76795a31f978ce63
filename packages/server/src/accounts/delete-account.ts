import type { AccountId } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";

/**
 * Deletes the account and its sessions, and revokes its grants (WB-17). May be repeated after an interruption: a second
 * call revokes the grants that are left.
 */
export async function deleteAccount(
  account: AccountId,
  deps: Pick<Deps, "store" | "clock">,
): Promise<{ revokedGrants: number }> {
  await deps.store.accounts.change(account, () => ({ answer: undefined, remove: true }));
  return { revokedGrants: await revokeGrants({ owner: account }, "account_deleted", deps) };
}
