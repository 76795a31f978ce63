import type { AccountId, Password } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";

/**
 * Sets the password and ends every session and grant of the account: an attacker who knew the old password may have
 * signed in and connected clients (WB-17).
 */
export async function changePassword(
  account: AccountId,
  password: Password,
  deps: Pick<Deps, "store" | "clock" | "passwords">,
): Promise<{ revokedGrants: number }> {
  const passwordHash = await deps.passwords.hash(account, password);
  await deps.store.accounts.change(account, (row) => ({
    answer: undefined,
    ...(row === undefined ? {} : { write: { ...row, passwordHash } }),
  }));
  return { revokedGrants: await revokeGrants({ owner: account }, "password_changed", deps) };
}
