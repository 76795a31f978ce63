import type { AccountId } from "@symbolon/protocol";
import { normaliseEmail, type Account } from "@symbolon/server";
import { Failure } from "../command/failure.ts";
import type { System } from "../data/open-system.ts";

/** By e-mail address or by sub. */
export async function findAccount(name: string, { store }: System): Promise<Account> {
  const email = normaliseEmail(name);
  const account =
    email === undefined ? await store.accounts.find(name as AccountId) : await store.accounts.findByEmail(email);
  if (account === undefined)
    throw new Failure(`There is no account ${name.slice(0, 80)}.`, "symbolon account list shows all accounts.");
  return account;
}
