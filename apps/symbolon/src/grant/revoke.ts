import { revokeGrant } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { readGrantId, refuseUnknownGrant } from "./find.ts";

export const grantRevoke = command({
  name: "grant revoke",
  operands: ["ID"],
  summary: "revoke a grant and every token of it at once",
  details: "Revoking a revoked grant changes nothing. The user can allow the application again.",
  flags: dataFlags,
  run(invocation) {
    const id = readGrantId(invocation.operands[0]);
    return withSystem(invocation, { create: false }, async (system) => {
      const outcome = await revokeGrant(id, "revoked_by_operator", system);
      if (outcome === "not_found") return refuseUnknownGrant(id);
      const changed = outcome === "revoked";
      return print(invocation, { id, state: "revoked", changed }, [
        changed ? `${id} is revoked.` : `${id} was revoked before.`,
      ]);
    });
  },
});
