import { nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { noGrant, readGrantId } from "./find.ts";
import { describeGrant, grantFacts } from "./grant-view.ts";

export const grantShow = command({
  name: "grant show",
  operands: ["ID"],
  says: "show one grant, and when and why it was revoked",
  more: "A token says which grant it points to: symbolon token explain TOKEN.",
  flags: dataFlags,
  run(ask) {
    const id = readGrantId(ask.operands[0]);
    return withSystem(ask, { create: false }, async ({ store, clock }) => {
      const grant = (await store.grants.find(id)) ?? noGrant(id);
      return print(ask, describeGrant(grant, nowOf(clock)), grantFacts(grant, nowOf(clock)));
    });
  },
});
