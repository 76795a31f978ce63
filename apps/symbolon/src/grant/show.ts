import { nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { readGrantId, refuseUnknownGrant } from "./find.ts";
import { describeGrant, grantLines } from "./grant-view.ts";

export const grantShow = command({
  name: "grant show",
  operands: ["ID"],
  summary: "show one grant, with the time and reason of its revocation",
  details: "To find the grant of a token: symbolon token explain TOKEN.",
  flags: dataFlags,
  run(invocation) {
    const id = readGrantId(invocation.operands[0]);
    return withSystem(invocation, { create: false }, async ({ store, clock }) => {
      const grant = (await store.grants.find(id)) ?? refuseUnknownGrant(id);
      return print(invocation, describeGrant(grant, nowOf(clock)), grantLines(grant, nowOf(clock)));
    });
  },
});
