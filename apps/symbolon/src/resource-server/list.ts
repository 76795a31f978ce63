import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { describeResourceServer } from "./resource-server-view.ts";

export const resourceServerList = command({
  name: "resource-server list",
  operands: [],
  says: "list the APIs that check tokens",
  more: 'With --json: {"resource_servers": […]}.',
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async ({ store }) => {
      const servers = await store.resourceServers.list();
      const rows = servers.map(({ id, name, resource }) => [id, resource ?? "any", name]);
      const lines =
        rows.length > 0
          ? table(["CLIENT ID", "RESOURCE", "NAME"], rows)
          : ["No resource servers yet: symbolon resource-server create makes one."];
      return print(ask, { resource_servers: servers.map(describeResourceServer) }, lines);
    }),
});
