import type { ClientId, GrantId } from "@symbolon/protocol";
import { decideRevoke, nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem, type System } from "../data/open-system.ts";
import { noApplication } from "./find.ts";

export const appDelete = command({
  name: "app delete",
  operands: ["ID"],
  says: "delete an application and revoke all of its grants",
  more: "Everything that it holds stops working at once. When it is interrupted, run it again: it goes on where it was.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const id = ask.operands[0] as ClientId;
      const existed = await system.store.applications.delete(id);
      const revoked = await revokeGrantsOf(id, system);
      if (!existed && revoked === 0) return noApplication(id);
      return print(ask, { client_id: id, deleted: true, revoked_grants: revoked }, [`${id} is deleted; ${revoked} of its grants are revoked.`]);
    }),
});

const batch = 500;

/** In batches, so that a server at work never waits long for the lock. The application is gone already: no grant joins them. */
async function revokeGrantsOf(application: ClientId, { store, clock }: System): Promise<number> {
  const decide = decideRevoke("application_deleted", nowOf(clock));
  let revoked = 0;
  let before: GrantId | undefined;
  for (;;) {
    const grants = await store.grants.list({ application, limit: batch, ...(before === undefined ? {} : { before }) });
    if (grants.length === 0) return revoked;
    const live = grants.filter(({ state }) => state !== "revoked");
    await Promise.all(live.map(({ id }) => store.grants.change(id, decide)));
    revoked += live.length;
    before = grants.at(-1)!.id;
  }
}
