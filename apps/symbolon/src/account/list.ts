import { command, dataFlags } from "../command/command.ts";
import { print, table, timeText } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";

export const accountList = command({
  name: "account list",
  operands: [],
  summary: "list the built-in accounts",
  details: 'With --json: {"accounts": […]}. Password hashes are never shown.',
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const accounts = await store.accounts.list();
      const rows = accounts.map(({ id, email, createdAt, suspendedAt }) => [
        id,
        email,
        timeText(createdAt),
        suspendedAt === null ? "" : `suspended ${timeText(suspendedAt)}`,
      ]);
      const lines =
        rows.length > 0
          ? table(["ACCOUNT", "EMAIL", "CREATED", ""], rows)
          : ["There are no accounts. symbolon account create creates one."];
      const described = accounts.map(({ id, email, resources, createdAt, suspendedAt }) => ({
        sub: id,
        email,
        resources,
        created_at: createdAt,
        suspended_at: suspendedAt,
      }));
      return print(invocation, { accounts: described }, lines);
    }),
});
