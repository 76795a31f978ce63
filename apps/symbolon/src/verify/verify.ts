import { verifyAudit } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print, table } from "../command/print.ts";
import { lastAuditHead } from "../data/mark.ts";
import { withSystem } from "../data/open-system.ts";

export const verify = command({
  name: "verify",
  operands: [],
  summary: "check the database and the audit log",
  details: `
Reads the whole database and changes nothing. Works while the server runs. The exit code is 1 if it finds damage, or an
audit line that was changed or removed.`,
  flags: { quick: { type: "boolean", summary: "skip the comparison of indexes with their tables" }, ...dataFlags },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const { findings, counts } = await system.store.verify({ quick: invocation.flags.quick });
      const tampering = await verifyAudit(lastAuditHead(system.settings.data), system);
      const isSound = findings.length === 0 && tampering === undefined;
      const rows = Object.entries(counts).map(([state, count]) => [state, String(count)]);
      const conclusion = isSound
        ? ["The database is sound."]
        : [...damageLines(findings), ...tamperingLines(tampering)];
      const found = [...findings, ...(tampering === undefined ? [] : [tampering])];
      print(invocation, { ok: isSound, findings: found, grants: counts }, [
        ...table(["GRANTS", ""], rows),
        "",
        ...conclusion,
      ]);
      return isSound ? 0 : 1;
    }),
});

const damageLines = (findings: readonly string[]): string[] =>
  findings.length === 0
    ? []
    : [
        "The database is damaged:",
        ...findings.map((finding) => `  ${finding}`),
        "Stop the servers, then: symbolon restore --from BACKUP",
      ];

const tamperingLines = (tampering: string | undefined): string[] =>
  tampering === undefined
    ? []
    : [
        "The audit log is not as it was written:",
        `  ${tampering}`,
        "Another program has written to the database. Compare the log with an older export or backup.",
      ];
