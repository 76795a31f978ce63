import { lineOf, type AuditFilter, type AuditRecord } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print, table, timeText } from "../command/print.ts";
import { readLimit } from "../command/read-limit.ts";
import { withSystem, type System } from "../data/open-system.ts";

const batchSize = 500;

export const audit = command({
  name: "audit",
  operands: [],
  summary: "list what was changed, by whom and when",
  details: `
Examples
  symbolon audit --target app_7c9k2m4n6p8q0r1s       every change of this application
  symbolon audit --since 2026-11-01 --export         all of November as JSON lines, oldest first, to keep elsewhere

Operations do not write lines yet, so the log is empty.

Newest first, without --export. Each line says who made the change (command, client, account or host), from which
network, the operation, the id of what was changed, and the members that differ, before and after; secrets and e-mail
addresses are left out. symbolon verify notices a line that was changed or removed. The configuration key
auditRetentionDays says how long lines are kept; without it, for ever.`,
  flags: {
    target: { type: "string", value: "ID", summary: "only changes of this application, account, grant …" },
    by: { type: "string", value: "ID", summary: "only changes by this user of the command, client or account" },
    operation: { type: "string", value: "NAME", summary: "only this operation, such as application.update" },
    since: { type: "string", value: "DATE", summary: "from this day (UTC) on: YYYY-MM-DD" },
    until: { type: "string", value: "DATE", summary: "before this day (UTC)" },
    limit: { type: "string", value: "N", summary: "at most N lines, 1 to 10000 (default 50); not with --export" },
    export: { type: "boolean", summary: "every line as JSON, one on each line, oldest first" },
    ...dataFlags,
  },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const { target, by, operation, limit } = flags;
    if (flags.export && limit !== undefined) throw new UsageError("--export writes every line: leave out --limit.");
    const filter: Omit<AuditFilter, "limit"> = {
      ...(target === undefined ? {} : { target }),
      ...(by === undefined ? {} : { by }),
      ...(operation === undefined ? {} : { operation }),
      ...readDay("since", flags.since),
      ...readDay("until", flags.until),
    };
    return await withSystem(invocation, { create: false }, async ({ store }) => {
      if (flags.export) {
        for await (const record of allLines(store, filter)) terminal.out(JSON.stringify(describe(record)));
        return 0;
      }
      const records = await store.audit.list({ ...filter, newestFirst: true, limit: readLimit(limit ?? "50") });
      const rows = records.map((record) => {
        const { at, by: actor, operation: name, target: id, after, before } = lineOf(record);
        const members = Object.keys(after ?? before ?? {}).join(", ");
        return [timeText(at), `${actor.kind} ${actor.id}`, name, id, members];
      });
      const lines =
        rows.length > 0 ? table(["TIME", "BY", "OPERATION", "TARGET", "MEMBERS"], rows) : ["No line matches."];
      return print(invocation, { events: records.map(describe) }, lines);
    });
  },
});

const describe = (record: AuditRecord): object => ({ position: record.position, ...lineOf(record) });

async function* allLines(store: System["store"], filter: Omit<AuditFilter, "limit">): AsyncGenerator<AuditRecord> {
  for (let after = 0; ;) {
    const records = await store.audit.list({ ...filter, after, limit: batchSize });
    yield* records;
    if (records.length < batchSize) return;
    after = records.at(-1)!.position;
  }
}

function readDay<Name extends "since" | "until">(name: Name, text: string | undefined): { [N in Name]?: number } {
  if (text === undefined) return {};
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new UsageError(`--${name} must be a day such as 2026-11-01, not ${text.slice(0, 20)}.`);
  return { [name]: ms / 1000 } as { [N in Name]?: number };
}
