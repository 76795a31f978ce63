import { deleteAccount } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { findAccount } from "./find.ts";

export const accountDelete = command({
  name: "account delete",
  operands: ["EMAIL"],
  summary: "delete an account with its sessions, and revoke its grants",
  details: `
The e-mail address, password hash and resources are removed at once, and all tokens of the account stop working. Its
revoked grants stay in the database for a week under the sub, a random number that is never used again. Without --yes
the command only tells what it would delete. EMAIL may also be the sub: if the command is interrupted, run it again with
the sub.`,
  flags: { yes: { type: "boolean", summary: "delete without asking" }, ...dataFlags },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const { id, email } = await findAccount(invocation.operands[0], system);
      if (!invocation.flags.yes)
        throw new UsageError(
          `This would delete ${email} (${id}) with every session and grant.`,
          `To delete it: symbolon account delete ${id} --yes`,
        );
      const { revokedGrants } = await deleteAccount(id, system);
      return print(invocation, { sub: id, deleted: true, revoked_grants: revokedGrants }, [
        `${email} is deleted. ${revokedGrants} grants are revoked.`,
      ]);
    }),
});
