import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { revokeGrants } from "../grant/revoke-all.ts";
import { findAccount } from "./find.ts";

export const accountDelete = command({
  name: "account delete",
  operands: ["EMAIL"],
  says: "delete an account, its sessions, and all access that it gave",
  more: `
The row with its address, password hash and resources is gone at once, and everything it gave stops working. Its grants
stay for a week as rows that name nobody (a sub is a random number, and never given out again). Without --yes it only says what would end. When it is interrupted, run it again with the sub.`,
  flags: { yes: { type: "boolean", says: "do it" }, ...dataFlags },
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const { id, email } = await findAccount(ask.operands[0], system);
      if (!ask.flags.yes)
        throw new UsageError(
          `${email} (${id}) would be deleted, with every session and grant.`,
          `To do it: symbolon account delete ${id} --yes`,
        );
      await system.store.accounts.delete(id);
      const revoked = await revokeGrants({ owner: id }, "account_deleted", system);
      return print(ask, { sub: id, deleted: true, revoked_grants: revoked }, [
        `${email} is deleted; ${revoked} grants are revoked.`,
      ]);
    }),
});
