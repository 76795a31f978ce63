import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";

export const verify = command({
  name: "verify",
  operands: [],
  summary: "check the database",
  details:
    "Reads the whole database and changes nothing. Works while the server runs. The exit code is 1 if it finds damage.",
  flags: { quick: { type: "boolean", summary: "skip the comparison of indexes with their tables" }, ...dataFlags },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const { findings, counts } = await store.verify({ quick: invocation.flags.quick });
      const isSound = findings.length === 0;
      const rows = Object.entries(counts).map(([state, count]) => [state, String(count)]);
      const conclusion = isSound
        ? ["The database is sound."]
        : [
            "The database is damaged:",
            ...findings.map((finding) => `  ${finding}`),
            "Stop the servers, then: symbolon restore --from BACKUP",
          ];
      print(invocation, { ok: isSound, findings, grants: counts }, [...table(["GRANTS", ""], rows), "", ...conclusion]);
      return isSound ? 0 : 1;
    }),
});
