import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { describeResourceServer } from "./resource-server-view.ts";

export const resourceServerList = command({
  name: "resource-server list",
  operands: [],
  summary: "list the APIs that introspect tokens",
  details: 'With --json: {"resource_servers": […]}.',
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const servers = await store.resourceServers.list();
      const rows = servers.map(({ id, name, resource }) => [id, resource ?? "any", name]);
      const lines =
        rows.length > 0
          ? table(["CLIENT ID", "RESOURCE", "NAME"], rows)
          : ["There are no resource servers. symbolon resource-server create registers one."];
      return print(invocation, { resource_servers: servers.map(describeResourceServer) }, lines);
    }),
});
