import type { EpochSeconds } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import type { Actor, AuditLine } from "./audit-line.ts";
import { appendOf, headOf, lineOf } from "./chain.ts";

/** The operation of the line that stands for those that were removed. */
export const trimOperation = "audit.trim";

const batchSize = 500;

/**
 * Removes lines from before `until`, the oldest first and at most 500, and appends one that says so: by it
 * `verifyAudit` knows that no one else removed them. Returns how many it removed.
 */
export async function trimAudit(
  until: EpochSeconds,
  by: Actor,
  { store, keyring, clock }: Pick<Deps, "clock" | "keyring" | "store">,
): Promise<number> {
  const records = await store.audit.list({ limit: batchSize });
  const firstKept = records.findIndex((record) => lineOf(record).at >= until);
  const old = firstKept === -1 ? records : records.slice(0, firstKept);
  // Otherwise the line of the last call would be the reason for the next one.
  if (old.every((record) => lineOf(record).operation === trimOperation)) return 0;
  const through = headOf(old.at(-1)!);
  const line: AuditLine = {
    at: nowOf(clock),
    by,
    operation: trimOperation,
    target: "audit",
    before: null,
    after: through,
  };
  return await store.audit.trim(through.position, appendOf(line, keyring));
}
