import type { DatabaseSync } from "node:sqlite";
import {
  macBytes,
  noLine,
  type AuditAppend,
  type AuditFilter,
  type AuditRecord,
  type AuditStore,
} from "@symbolon/server";
import type { Access } from "./access.ts";

/** `append` runs inside the write of the change that the line is about. */
export type AuditLog = AuditStore & { appendNow(line: AuditAppend): void };

/** Lines are JSON; what a list is filtered by is read out of it, so that no column can say something else. */
export function auditStore(database: DatabaseSync, { read, write }: Pick<Access, "read" | "write">): AuditLog {
  const findLast = database.prepare("SELECT position, mac FROM audit ORDER BY position DESC LIMIT 1");
  const insert = database.prepare("INSERT INTO audit (position, text, mac) VALUES (?, ?, ?)");
  const countOld = database.prepare("SELECT count(*) AS count FROM audit WHERE position <= ?");
  const remove = database.prepare("DELETE FROM audit WHERE position <= ?");
  const oldestFirst = database.prepare(`
    SELECT * FROM audit
    WHERE position > :after AND position < :before
      AND (:target IS NULL OR json_extract(text, '$.target') = :target)
      AND (:by IS NULL OR json_extract(text, '$.by.id') = :by)
      AND (:operation IS NULL OR json_extract(text, '$.operation') = :operation)
      AND (:since IS NULL OR json_extract(text, '$.at') >= :since)
      AND (:until IS NULL OR json_extract(text, '$.at') < :until)
    ORDER BY position LIMIT :limit`);
  const newestFirst = database.prepare(`
    SELECT * FROM audit
    WHERE position > :after AND position < :before
      AND (:target IS NULL OR json_extract(text, '$.target') = :target)
      AND (:by IS NULL OR json_extract(text, '$.by.id') = :by)
      AND (:operation IS NULL OR json_extract(text, '$.operation') = :operation)
      AND (:since IS NULL OR json_extract(text, '$.at') >= :since)
      AND (:until IS NULL OR json_extract(text, '$.at') < :until)
    ORDER BY position DESC LIMIT :limit`);

  const appendNow = ({ text, macAfter }: AuditAppend): void => {
    const last = findLast.get() as Pick<AuditRecord, "position" | "mac"> | undefined;
    const position = (last?.position ?? noLine.position) + 1;
    insert.run(position, text, macAfter(last?.mac ?? macBytes(noLine), position));
  };
  return {
    appendNow,
    append: (line) => write(() => appendNow(line)),
    list: (filter) =>
      read(() => {
        const look = filter.newestFirst ? newestFirst : oldestFirst;
        return look.all(parametersOf(filter)) as AuditRecord[];
      }),
    trim: (through, line) =>
      write(() => {
        const old = countOld.get(through) as { count: number };
        // Appended first: its place and its MAC follow from the lines before.
        if (old.count > 0) appendNow(line);
        return Number(remove.run(through).changes);
      }),
  };
}

const parametersOf = ({ after, before, target, by, operation, since, until, limit }: AuditFilter) => ({
  after: after ?? 0,
  before: before ?? Number.MAX_SAFE_INTEGER,
  target: target ?? null,
  by: by ?? null,
  operation: operation ?? null,
  since: since ?? null,
  until: until ?? null,
  limit,
});
