import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { loadSettings } from "../config/settings.ts";
import { lastSeen, writeMark } from "../data/mark.ts";
import { withSystem, type System } from "../data/open-system.ts";
import { revokeGrants } from "../grant/revoke-all.ts";
import { putInPlace } from "./put-in-place.ts";

export const restore = command({
  name: "restore",
  operands: [],
  says: "go on with a backup of the database",
  more: `
  symbolon restore --from symbolon-backup.sqlite --revoke-all     everybody connects their applications anew
  symbolon restore --from symbolon-backup.sqlite --keep-grants    what was revoked since the backup is alive again

Stop the servers first, and start them afterwards. The database that was there is kept beside the new one. Without
--from it accepts the database that somebody has put there by hand; a server refuses to start on it until then.
Everybody signs in anew in either case. Refresh tokens that are newer than the backup go on working with --keep-grants.`,
  flags: {
    from: { type: "string", value: "FILE", says: "a file that `symbolon backup` wrote" },
    "revoke-all": { type: "boolean", says: "revoke every grant, so that nothing revoked comes back" },
    "keep-grants": { type: "boolean", says: "keep the grants as the backup has them" },
    ...dataFlags,
  },
  async run(ask) {
    const { flags, terminal } = ask;
    if (flags["revoke-all"] === flags["keep-grants"]) {
      throw new UsageError(
        "Either --revoke-all or --keep-grants is needed.",
        "A backup does not know what was revoked after it was made; with --keep-grants all of that is alive again.",
      );
    }
    if (flags.from !== undefined) {
      const from = resolve(terminal.cwd, flags.from);
      if (!existsSync(from)) throw new Failure(`There is no file ${from}.`);
      await putInPlace(from, await loadSettings(flags, terminal));
    }
    return await withSystem(ask, { create: false }, async (system) => {
      const revoked = flags["revoke-all"] ? await revokeGrants({}, "restored", system) : 0;
      await accept(system);
      const lines = [
        flags["revoke-all"]
          ? `${revoked} grants are revoked; everybody connects anew.`
          : "The grants are as the backup has them. Revoke once more what was revoked since: symbolon grant revoke ID",
        "Start the servers.",
      ];
      return print(ask, { restored: true, revoked_grants: revoked }, lines);
    });
  },
});

/** The mark comes last: until then no server starts here. */
async function accept({ store, settings }: System): Promise<void> {
  writeMark(settings.data, await store.mark.beginAfterRestore(lastSeen(settings.data)));
}
