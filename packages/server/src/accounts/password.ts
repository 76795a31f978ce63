import type { AccountId, Password } from "@symbolon/protocol";
import type { Account } from "./account.ts";

/** Hashes and checks passwords, a bounded number at once. */
export interface PasswordHasher {
  /**
   * The hash to store for this account. It matches no password in another account's row, or without the keyring
   * (ST-02).
   */
  hash(account: AccountId, password: Password): Promise<string>;
  /**
   * Whether the password is right. `account` undefined (no such account) takes the same time and answers false (WB-12).
   * "busy": the queue is full; nothing was computed.
   */
  verify(account: Pick<Account, "id" | "passwordHash"> | undefined, password: Password): Promise<boolean | "busy">;
}
