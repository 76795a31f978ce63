import type { ClientId } from "@symbolon/protocol";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { noResourceServer } from "./find.ts";

export const resourceServerDelete = command({
  name: "resource-server delete",
  operands: ["ID"],
  says: "delete a resource server: it may ask about no token any more",
  more: "Takes effect at once. No token ends by it: those that are meant for this resource server alone are good for nothing until they expire.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async ({ store }) => {
      const id = ask.operands[0] as ClientId;
      if (!(await store.resourceServers.delete(id))) return noResourceServer(id);
      return print(ask, { client_id: id, deleted: true }, [`${id} is deleted.`]);
    }),
});
