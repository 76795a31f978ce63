import type { Deps } from "../deps.ts";
import { findDamage, headOf, isSamePlace, lineOf, noLine, type AuditHead } from "./chain.ts";
import { trimOperation } from "./trim-audit.ts";

const batchSize = 500;

/**
 * Reads the whole log and says what is wrong with it, in words for an operator; `undefined`: nothing. `noted`: where
 * the log stood at some earlier moment, kept outside the database; without it, nothing shows that the last lines were
 * removed.
 */
export async function verifyAudit(
  noted: AuditHead | undefined,
  { store, keyring }: Pick<Deps, "keyring" | "store">,
): Promise<string | undefined> {
  let head = await startOf(store);
  for (;;) {
    const records = await store.audit.list({ after: head.position, limit: batchSize });
    for (const record of records) {
      const damage = findDamage(head, record, keyring);
      if (damage !== undefined) return damage;
      head = headOf(record);
      if (head.position === noted?.position && !isSamePlace(head, noted))
        return `audit: line ${head.position} is not the one that stood there`;
    }
    if (records.length < batchSize) break;
  }
  return noted === undefined || head.position >= noted.position
    ? undefined
    : `audit: lines ${head.position + 1} to ${noted.position} are missing`;
}

/** Where the log begins: before its first line, or at the last line that was removed as too old. */
async function startOf(store: Deps["store"]): Promise<AuditHead> {
  const [trim] = await store.audit.list({ operation: trimOperation, newestFirst: true, limit: 1 });
  return trim === undefined ? noLine : (lineOf(trim).after as AuditHead);
}
