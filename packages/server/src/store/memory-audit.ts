import { lineOf, noLine, macBytes, type AuditAppend, type AuditRecord } from "../audit/chain.ts";
import type { AuditFilter, AuditStore } from "./contract.ts";
import type { Rows } from "./memory-rows.ts";

export function auditStore(rows: Rows): AuditStore {
  return {
    append: async (line) => {
      rows.assertOpen();
      appendAudit(rows, line);
    },
    list: async (filter) => {
      rows.assertOpen();
      const found = rows.audit.filter((record) => fits(record, filter));
      return structuredClone((filter.newestFirst ? found.toReversed() : found).slice(0, filter.limit));
    },
    trim: async (through, line) => {
      rows.assertOpen();
      const kept = rows.audit.filter(({ position }) => position > through);
      const removed = rows.audit.length - kept.length;
      if (removed === 0) return 0;
      appendAudit(rows, line);
      rows.audit.splice(0, removed);
      return removed;
    },
  };
}

/** In the same turn as the change that the line is about. */
export function appendAudit(rows: Rows, { text, macAfter }: AuditAppend): void {
  const last = rows.audit.at(-1);
  const position = (last?.position ?? noLine.position) + 1;
  rows.audit.push({ position, text, mac: macAfter(last?.mac ?? macBytes(noLine), position) });
}

function fits(record: AuditRecord, { after, before, target, by, operation, since, until }: AuditFilter): boolean {
  const line = lineOf(record);
  return (
    record.position > (after ?? 0) &&
    record.position < (before ?? Number.MAX_SAFE_INTEGER) &&
    (target === undefined || line.target === target) &&
    (by === undefined || line.by.id === by) &&
    (operation === undefined || line.operation === operation) &&
    (since === undefined || line.at >= since) &&
    (until === undefined || line.at < until)
  );
}
