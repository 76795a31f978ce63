import {
  newAccountId,
  normaliseEmail,
  nowOf,
  type Account,
  type AccountResource,
  type PasswordHasher,
} from "@symbolon/server";
import { UsageError } from "../command/failure.ts";
import type { System } from "../data/open-system.ts";

export function readEmail(text: string | undefined): string {
  if (text === undefined) throw new UsageError("--email is needed.", "For example --email jo@example.com");
  const email = normaliseEmail(text);
  if (email === undefined)
    throw new UsageError(`--email must be an e-mail address with one @, not "${text.slice(0, 80)}".`);
  return email;
}

/** Stores a new account; `undefined` where the e-mail address is taken. */
export async function registerAccount(
  { email, password, resources }: { email: string; password: string; resources: readonly AccountResource[] },
  { store, clock, random }: System,
  passwords: PasswordHasher,
): Promise<Account | undefined> {
  const id = newAccountId(clock, random);
  const account: Account = {
    id,
    email,
    passwordHash: await passwords.hash(id, password),
    resources,
    createdAt: nowOf(clock),
    suspendedAt: null,
  };
  return (await store.accounts.insert(account)) ? account : undefined;
}
