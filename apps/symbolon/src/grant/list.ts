import type { ClientId } from "@symbolon/protocol";
import { nowOf, type Grant } from "@symbolon/server";
import { findAccount } from "../account/find.ts";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print, table, timeText } from "../command/print.ts";
import { readLimit } from "../command/read-limit.ts";
import { withSystem } from "../data/open-system.ts";
import { describeGrant, stateText } from "./grant-view.ts";

export const grantList = command({
  name: "grant list",
  operands: [],
  summary: "list grants, newest first",
  details: 'With --json: {"grants": […]}, each in the form of `grant show`.',
  flags: {
    app: { type: "string", value: "ID", summary: "only grants of this application" },
    account: { type: "string", value: "EMAIL", summary: "only grants of this account (its e-mail address or sub)" },
    state: { type: "string", value: "STATE", summary: "only grants in this state: offered, active or revoked" },
    limit: { type: "string", value: "N", summary: "at most N grants, 1 to 10000 (default 50)" },
    ...dataFlags,
  },
  async run(invocation) {
    const { app, account, state, limit } = invocation.flags;
    const filter = {
      limit: readLimit(limit ?? "50"),
      ...(app === undefined ? {} : { application: app as ClientId }),
      ...(state === undefined ? {} : { state: readState(state) }),
    };
    return await withSystem(invocation, { create: false }, async (system) => {
      const now = nowOf(system.clock);
      const owner = account === undefined ? {} : { owner: (await findAccount(account, system)).id };
      const grants = await system.store.grants.list({ ...filter, ...owner });
      const rows = grants.map((grant) => [
        grant.id,
        grant.application,
        stateText(grant, now).split(/[ :]/)[0]!,
        timeText(grant.generationIssuedAt),
        grant.resource ?? "",
      ]);
      const lines =
        rows.length > 0
          ? table(["GRANT", "APPLICATION", "STATE", "LAST ISSUED", "RESOURCE"], rows)
          : ["No grant matches."];
      return print(invocation, { grants: grants.map((grant) => describeGrant(grant, now)) }, lines);
    });
  },
});

function readState(text: string): Grant["state"] {
  const state = (["offered", "active", "revoked"] as const).find((one) => one === text);
  if (state === undefined) throw new UsageError(`--state must be offered, active or revoked, not ${text}.`);
  return state;
}
