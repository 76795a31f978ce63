import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { advanceMark } from "../data/mark.ts";
import { withSystem } from "../data/open-system.ts";
import { keyringPath } from "../keyring/keyring-file.ts";

export const backup = command({
  name: "backup",
  operands: [],
  summary: "copy the database to a file, while the server runs",
  details: `
Example
  symbolon backup --to /backups/symbolon-monday.sqlite

The copy is consistent and has mode 0600. It does not hold the keyring, so a stolen backup gives no access. Keep a copy
of keyring.json in another place: a database without its keyring is useless to you, too.`,
  flags: { to: { type: "string", value: "FILE", summary: "the new file, which must not exist yet" }, ...dataFlags },
  async run(invocation) {
    const { flags, terminal } = invocation;
    if (flags.to === undefined) throw new UsageError("--to is needed.", "For example --to symbolon-backup.sqlite");
    const to = resolve(terminal.cwd, flags.to);
    if (existsSync(to))
      throw new Failure(`${to} exists already.`, "A backup overwrites no file. Choose another name for --to.");
    if (!existsSync(resolve(to, ".."))) throw new Failure(`The directory of ${to} does not exist.`, "Create it first.");
    return await withSystem(invocation, { create: false }, async (system) => {
      const { store, settings } = system;
      await store.backup(to);
      await advanceMark(system); // From now on the copy counts as older than this database.
      const bytes = statSync(to).size;
      const keyring = settings.keyring === undefined ? keyringPath(settings.data) : "SYMBOLON_KEYRING";
      return print(invocation, { file: to, bytes, keyring_included: false }, [
        `${to}: ${bytes} bytes.`,
        `It does not hold the keyring. Keep a copy of ${keyring} in another place.`,
      ]);
    });
  },
});
