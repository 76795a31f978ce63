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
  symbolon backup --to /backups/symbolon-monday.sqlite

One consistent copy, mode 0600. The keyring is not in it, on purpose: a stolen backup opens nothing. Keep a copy of
keyring.json somewhere else; the database without it is worth nothing to you either.`,
  flags: { to: { type: "string", value: "FILE", summary: "where to; it must not exist yet" }, ...dataFlags },
  async run(invocation) {
    const { flags, terminal } = invocation;
    if (flags.to === undefined) throw new UsageError("--to is needed.", "For example --to symbolon-backup.sqlite");
    const to = resolve(terminal.cwd, flags.to);
    if (existsSync(to)) throw new Failure(`${to} is there already.`, "A backup never overwrites; choose another name.");
    if (!existsSync(resolve(to, ".."))) throw new Failure(`The directory of ${to} does not exist.`, "Make it first.");
    return await withSystem(invocation, { create: false }, async (system) => {
      const { store, settings } = system;
      await store.backup(to);
      await advanceMark(system); // From now on the copy is older than what runs here, and is noticed as such.
      const bytes = statSync(to).size;
      const keyring = settings.keyring === undefined ? keyringPath(settings.data) : "SYMBOLON_KEYRING";
      return print(invocation, { file: to, bytes, keyring_included: false }, [
        `${to}: ${bytes} bytes.`,
        `The keyring is not in it; keep a copy of ${keyring} elsewhere.`,
      ]);
    });
  },
});
