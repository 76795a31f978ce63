import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";

export const verify = command({
  name: "verify",
  operands: [],
  summary: "check the database and the keyring",
  details:
    "Reads everything and changes nothing; works while the server runs. The exit code is 1 when something is wrong.",
  flags: { quick: { type: "boolean", summary: "do not compare the indexes with their tables" }, ...dataFlags },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async ({ store }) => {
      const { findings, counts } = await store.verify({ quick: invocation.flags.quick });
      const isSound = findings.length === 0;
      const rows = Object.entries(counts).map(([state, count]) => [state, String(count)]);
      const verdict = isSound
        ? ["Nothing is wrong."]
        : [
            "Something is wrong:",
            ...findings.map((finding) => `  ${finding}`),
            "Stop the server and restore a backup.",
          ];
      print(invocation, { ok: isSound, findings, grants: counts }, [...table(["GRANTS", ""], rows), "", ...verdict]);
      return isSound ? 0 : 1;
    }),
});
