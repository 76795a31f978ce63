import type { AccountId } from "@symbolon/protocol";
import type { Account } from "./account.ts";

/** Hashes and checks passwords, a bounded number at once. */
export interface PasswordHasher {
  /**
   * What the row of this very account holds; in another row, or made without the keyring, it fits no password (ST-02).
   */
  hash(account: AccountId, password: string): Promise<string>;
  /**
   * Whether the password fits. `account` undefined (no such account) costs the same time and answers false (WB-12).
   * "busy": the queue is full; nothing was computed.
   */
  verify(account: Pick<Account, "id" | "passwordHash"> | undefined, password: string): Promise<boolean | "busy">;
}
