import { argon2Hasher, changePassword } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { findAccount } from "./find.ts";
import { acceptPassword, readPasswordInput } from "./password-input.ts";

export const accountPassword = command({
  name: "account password",
  operands: ["EMAIL"],
  summary: "set the password of an account and end its sessions and grants",
  details: `
Example
  printf %s "$PASSWORD" | symbolon account password jo@example.com --password-stdin

A person who knew the old password may have signed in and connected applications. Therefore every session ends and
every grant is revoked at once. The user signs in with the new password and connects the applications again.`,
  flags: { "password-stdin": { type: "boolean", summary: "read the new password from stdin" }, ...dataFlags },
  async run(invocation) {
    const { flags, terminal, operands } = invocation;
    const input = await readPasswordInput("account password", flags, terminal);
    return await withSystem(invocation, { create: false }, async (system) => {
      const { id, email } = await findAccount(operands[0], system);
      const passwords = argon2Hasher(system.random, system.keyring);
      const { revokedGrants } = await changePassword(id, acceptPassword(input, email), { ...system, passwords });
      return print(invocation, { sub: id, email, revoked_grants: revokedGrants }, [
        `The password of ${email} is set. Its sessions are over, and ${revokedGrants} grants are revoked.`,
      ]);
    });
  },
});
