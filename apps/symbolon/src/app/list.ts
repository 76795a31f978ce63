import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { describeApplication } from "./application-view.ts";

export const appList = command({
  name: "app list",
  operands: [],
  summary: "list all applications",
  details: 'With --json: {"applications": […]}, each in the form of `app show`.',
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const applications = await store.applications.list();
      const rows = applications.map(({ id, name, type, authMethod }) => [id, type, authMethod ?? "any", name]);
      const lines =
        rows.length > 0
          ? table(["CLIENT ID", "TYPE", "AUTH METHOD", "NAME"], rows)
          : ["There are no applications. symbolon app create registers one."];
      return print(invocation, { applications: applications.map(describeApplication) }, lines);
    }),
});
