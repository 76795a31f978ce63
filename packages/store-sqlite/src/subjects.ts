import type { DatabaseSync } from "node:sqlite";
import type { ExternalSubject } from "@symbolon/protocol";
import type { SubjectRow, SubjectStore } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";
import { exact } from "./pack.ts";

const memoryBytes = 6 * 2 ** 20;

export function subjectStore(database: DatabaseSync, { readNow, write, memory }: Access): SubjectStore {
  const known = memory.table<ExternalSubject, SubjectRow>(memoryBytes, ({ subject }) => 200 + 2 * subject.length);
  const find = database.prepare("SELECT suspended_at FROM suspended_subjects WHERE subject = ?");
  const suspend = database.prepare(
    "INSERT INTO suspended_subjects (subject, suspended_at) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET suspended_at = excluded.suspended_at",
  );
  const resume = database.prepare("DELETE FROM suspended_subjects WHERE subject = ?");
  const endSessions = database.prepare("DELETE FROM sessions WHERE account = ?");
  const erasingWrite = erasing(database, write);
  const readRow = (subject: ExternalSubject): SubjectRow => {
    const found = find.get(exact(subject)) as { suspended_at: number } | undefined;
    return Object.freeze({ subject, suspendedAt: found?.suspended_at ?? null });
  };
  return {
    find: (subject) => readNow(() => known.find(subject, readRow)!),
    setSuspended: (subject, at) =>
      erasingWrite(() => {
        known.forget(subject);
        if (at === null) return void resume.run(exact(subject));
        suspend.run(exact(subject), at);
        endSessions.run(exact(subject));
      }),
  };
}
