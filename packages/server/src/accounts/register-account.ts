import type { Password } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import { taken, type Validated } from "../field-problem.ts";
import { newAccountId } from "../grants/new-grant.ts";
import type { AccountRegistration } from "./account-registration.ts";
import type { Account } from "./account.ts";

/** Stores a new account; refuses an e-mail address that another account has. */
export async function registerAccount(
  { email, resources, password }: AccountRegistration & { password: Password },
  { store, clock, random, passwords }: Pick<Deps, "store" | "clock" | "random" | "passwords">,
): Promise<Validated<Account, "email">> {
  const id = newAccountId(clock, random);
  const account: Account = {
    id,
    email,
    passwordHash: await passwords.hash(id, password),
    resources,
    createdAt: nowOf(clock),
    suspendedAt: null,
    version: 0,
  };
  return (await store.accounts.insert(account))
    ? { ok: true, value: account }
    : taken("email", "belongs to another account already", email);
}
