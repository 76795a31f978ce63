import type { AccountId, EpochSeconds } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import type { RowChange } from "../store/contract.ts";
import type { Account } from "./account.ts";

/** Ends every session and grant of the account. Its user cannot sign in until it is resumed (WB-17). */
export async function suspendAccount(
  account: AccountId,
  deps: Pick<Deps, "store" | "clock">,
): Promise<{ revokedGrants: number }> {
  await deps.store.accounts.change(account, decideSuspension(nowOf(deps.clock)));
  return { revokedGrants: await revokeGrants({ owner: account }, "account_suspended", deps) };
}

/** Lets the user sign in again with the password that they had. Grants that were revoked stay revoked. */
export async function resumeAccount(account: AccountId, deps: Pick<Deps, "store" | "clock">): Promise<void> {
  // A consent that was under way during the suspension may have stored a grant after the first revocation.
  await revokeGrants({ owner: account }, "account_suspended", deps);
  await deps.store.accounts.change(account, decideSuspension(null));
}

const decideSuspension =
  (suspendedAt: EpochSeconds | null) =>
  (account: Account | undefined): RowChange<Account, void> => ({
    answer: undefined,
    ...(account === undefined ? {} : { write: { ...account, suspendedAt } }),
  });
