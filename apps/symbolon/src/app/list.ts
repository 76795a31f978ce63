import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { describeApplication } from "./application-view.ts";

export const appList = command({
  name: "app list",
  operands: [],
  says: "list the applications",
  more: 'With --json: {"applications": […]}, each as `app show` prints it.',
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async ({ store }) => {
      const applications = await store.applications.list();
      const rows = applications.map(({ id, name, type, authMethod }) => [
        id,
        type,
        authMethod ?? "not bound yet",
        name,
      ]);
      const lines =
        rows.length > 0
          ? table(["CLIENT ID", "TYPE", "AUTHENTICATES", "NAME"], rows)
          : ["No applications yet: symbolon app create makes one."];
      return print(ask, { applications: applications.map(describeApplication) }, lines);
    }),
});
