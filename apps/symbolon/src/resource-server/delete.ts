import type { ClientId } from "@symbolon/protocol";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { refuseUnknownResourceServer } from "./find.ts";

export const resourceServerDelete = command({
  name: "resource-server delete",
  operands: ["ID"],
  summary: "delete a resource server, which may then introspect no token",
  details: `
Takes effect at once. No token is revoked: a token whose only audience is this resource server stays valid until it
expires, but no API accepts it.`,
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const id = invocation.operands[0] as ClientId;
      if (!(await store.resourceServers.change(id, (row) => ({ answer: row !== undefined, remove: true }))))
        return refuseUnknownResourceServer(id);
      return print(invocation, { client_id: id, deleted: true }, [`${id} is deleted.`]);
    }),
});
