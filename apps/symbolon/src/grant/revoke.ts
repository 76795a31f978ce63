import { decideRevoke, nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { noGrant, readGrantId } from "./find.ts";

export const grantRevoke = command({
  name: "grant revoke",
  operands: ["ID"],
  says: "revoke a grant: every token that points to it is dead at once",
  more: "Revoking what is revoked already changes nothing. The person can allow the application again.",
  flags: dataFlags,
  run(ask) {
    const id = readGrantId(ask.operands[0]);
    return withSystem(ask, { create: false }, async ({ store, clock }) => {
      const { found, events } = await store.grants.change(id, decideRevoke("revoked_by_operator", nowOf(clock)));
      if (!found) return noGrant(id);
      const isNew = events.length > 0;
      return print(ask, { id, state: "revoked", changed: isNew }, [
        isNew ? `${id} is revoked.` : `${id} was revoked before.`,
      ]);
    });
  },
});
