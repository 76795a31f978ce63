import type { ClientId } from "@symbolon/protocol";
import { deleteClient } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { refuseUnknownApplication } from "./find.ts";

export const appDelete = command({
  name: "app delete",
  operands: ["ID"],
  summary: "delete an application and revoke all of its grants",
  details: `
Its secrets and tokens stop working at once. If the command is interrupted, run it again: it revokes the grants that
are left.`,
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const id = invocation.operands[0] as ClientId;
      const { revokedGrants } = (await deleteClient(id, system)) ?? refuseUnknownApplication(id);
      return print(invocation, { client_id: id, deleted: true, revoked_grants: revokedGrants }, [
        `${id} is deleted. ${revokedGrants} of its grants are revoked.`,
      ]);
    }),
});
