import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { nowOf, revokeGrants } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import type { Terminal } from "../command/terminal.ts";
import { loadSettings, type SettingFlags, type Settings } from "../config/settings.ts";
import { lastSeen, writeMark } from "../data/mark.ts";
import { withSystem, type System } from "../data/open-system.ts";
import { preparePrivateDirectory } from "../data/private-file.ts";
import { withoutServers } from "../data/process-lock.ts";
import { systemClock } from "../edge/clock.ts";
import { replaceDatabase } from "./replace-database.ts";

export const restore = command({
  name: "restore",
  operands: [],
  summary: "go back to a backup of the database",
  details: `
Examples
  symbolon restore --from symbolon-backup.sqlite --revoke-all     users connect their applications again
  symbolon restore --from symbolon-backup.sqlite --keep-grants    grants revoked since the backup are active again

Stop the servers first and start them afterwards: the command refuses while one runs. The replaced database is kept in
the data directory, under a name with the time, and the command prints its path; no later restore removes it. Without
--from, the command accepts the database file in the data directory, for example one that you copied there; no server
starts on such a file before that. Every session ends in either case. With --keep-grants, refresh tokens that are newer
than the backup keep working. The database takes the time of the clock, even if it knew a later one.`,
  flags: {
    from: { type: "string", value: "FILE", summary: "a file that symbolon backup wrote" },
    "revoke-all": { type: "boolean", summary: "revoke every grant, so that no revoked grant becomes active again" },
    "keep-grants": { type: "boolean", summary: "keep the grants as they are in the backup" },
    ...dataFlags,
  },
  async run(invocation) {
    const { flags } = invocation;
    if (flags["revoke-all"] === flags["keep-grants"]) {
      throw new UsageError(
        "Either --revoke-all or --keep-grants is needed.",
        "The backup does not know what was revoked after it was made. With --keep-grants those grants are active again.",
      );
    }
    const settings = await loadSettings(flags, invocation.terminal);
    if (flags.from !== undefined) preparePrivateDirectory(settings.data);
    if (!existsSync(settings.data)) return await restoreDatabase(invocation, settings);
    return await withoutServers(settings.data, () => restoreDatabase(invocation, settings));
  },
});

type RestoreFlags = SettingFlags & { from: string | undefined; "revoke-all": boolean; json: boolean };

async function restoreDatabase(
  invocation: { flags: RestoreFlags; terminal: Terminal },
  settings: Settings,
): Promise<number> {
  const { flags, terminal } = invocation;
  const replaced = flags.from === undefined ? undefined : await putInPlace(flags.from, settings, terminal);
  return await withSystem(invocation, { create: false }, async (system) => {
    const revoked = flags["revoke-all"] ? await revokeGrants({}, "restored", system) : 0;
    await acceptDatabase(system);
    const lines = [
      flags["revoke-all"]
        ? `${revoked} grants are revoked. Users connect their applications again.`
        : "The grants are as in the backup. Revoke again what was revoked since: symbolon grant revoke ID",
      ...(replaced === undefined
        ? []
        : [`The replaced database is kept as ${replaced}. Delete it when you no longer need it.`]),
      "Start the servers now.",
    ];
    const kept = replaced === undefined ? {} : { replaced_database: replaced };
    return print(invocation, { restored: true, revoked_grants: revoked, ...kept }, lines);
  });
}

async function putInPlace(file: string, settings: Settings, { cwd }: Terminal): Promise<string | undefined> {
  const from = resolve(cwd, file);
  if (!existsSync(from)) throw new Failure(`There is no file ${from}.`, "Check --from.");
  return await replaceDatabase(from, settings, systemClock.epochMs());
}

/** Writes the mark last: until then no server starts on this database. */
async function acceptDatabase({ store, settings }: System): Promise<void> {
  const number = await store.mark.beginAfterRestore(lastSeen(settings.data), nowOf(systemClock));
  await writeMark({ store, settings }, number);
}
