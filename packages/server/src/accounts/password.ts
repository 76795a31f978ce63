import type { AccountId, Password } from "@symbolon/protocol";
import type { Account } from "./account.ts";
import type { Origin } from "./fair-queue.ts";

/** Hashes and checks passwords, a bounded number at once. */
export interface PasswordHasher {
  /**
   * The hash to store for this account. It matches no password in another account's row, or without the keyring
   * (ST-02).
   */
  hash(account: AccountId, password: Password): Promise<string>;
  /**
   * Whether the password is right. `account` undefined (no such account) takes the same time and answers false (WB-12).
   * Attempts wait in a queue in which the `origin`s take turns. "busy": the queue, or this origin's share of it, is
   * full; nothing was computed.
   */
  verify(
    account: Pick<Account, "id" | "passwordHash"> | undefined,
    password: Password,
    origin: Origin,
  ): Promise<boolean | "busy">;
}
