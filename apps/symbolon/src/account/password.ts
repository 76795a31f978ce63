import { argon2Hasher } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { revokeGrants } from "../grant/revoke-all.ts";
import { findAccount } from "./find.ts";
import { readPassword } from "./read-password.ts";

export const accountPassword = command({
  name: "account password",
  operands: ["EMAIL"],
  says: "set an account's password; all that it had opened ends",
  more: `
  printf %s "$PASSWORD" | symbolon account password jo@example.com --password-stdin

Whoever knew the old password may have signed in and connected applications: every session ends and every grant is
revoked at once. The person signs in with the new password and connects what they want.`,
  flags: { "password-stdin": { type: "boolean", says: "read the new password from stdin" }, ...dataFlags },
  async run(ask) {
    const { flags, terminal, operands } = ask;
    if (!flags["password-stdin"])
      throw new UsageError(
        "--password-stdin is needed.",
        'printf %s "$PASSWORD" | symbolon account password … --password-stdin',
      );
    const input = await terminal.readInput();
    return await withSystem(ask, { create: false }, async (system) => {
      const { id, email } = await findAccount(operands[0], system);
      const hash = await argon2Hasher(system.random, system.keyring).hash(id, readPassword(input, email));
      await system.store.accounts.setPasswordHash(id, hash);
      const revoked = await revokeGrants({ owner: id }, "password_changed", system);
      return print(ask, { sub: id, email, revoked_grants: revoked }, [
        `The password of ${email} is set; its sessions are over, and ${revoked} grants are revoked.`,
      ]);
    });
  },
});
