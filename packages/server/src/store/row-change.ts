import type { Account } from "../accounts/account.ts";
import type { ChangeableRow } from "./contract.ts";

/** Throws if the row written is not the row read: a decision that mixes rows up is a fault of the program. */
export function assertSameRow<Row extends ChangeableRow<string>>(
  before: Row | undefined,
  write: Row,
): asserts before is Row {
  const isSame = write.id === before?.id && write.createdAt === before.createdAt && write.version === before.version;
  if (!isSame) throw new Error("the row written is not the row read");
}

/** Whether a change of an account ends its sessions; `after` is undefined where it is removed (WB-17). */
export const endsSessions = (before: Account, after: Account | undefined): boolean =>
  after === undefined || after.suspendedAt !== null || after.passwordHash !== before.passwordHash;
