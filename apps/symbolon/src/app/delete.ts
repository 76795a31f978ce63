import type { ClientId } from "@symbolon/protocol";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { revokeGrants } from "../grant/revoke-all.ts";
import { noApplication } from "./find.ts";

export const appDelete = command({
  name: "app delete",
  operands: ["ID"],
  says: "delete an application and revoke all of its grants",
  more: "Everything that it holds stops working at once. When it is interrupted, run it again: it goes on where it was.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const id = ask.operands[0] as ClientId;
      const existed = await system.store.applications.delete(id);
      const revoked = await revokeGrants({ application: id }, "application_deleted", system);
      if (!existed && revoked === 0) return noApplication(id);
      return print(ask, { client_id: id, deleted: true, revoked_grants: revoked }, [
        `${id} is deleted; ${revoked} of its grants are revoked.`,
      ]);
    }),
});
