import { nowOf } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { revokeGrants } from "../grant/revoke-all.ts";
import { findAccount } from "./find.ts";

export const accountSuspend = command({
  name: "account suspend",
  operands: ["EMAIL"],
  says: "shut an account: its sessions, codes and tokens are dead at once",
  more: "Its grants are revoked, since what is dead never comes back; after `account resume` the person connects anew.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const { id, email } = await findAccount(ask.operands[0], system);
      await system.store.accounts.setSuspended(id, nowOf(system.clock));
      const revoked = await revokeGrants({ owner: id }, "account_suspended", system);
      return print(ask, { sub: id, email, suspended: true, revoked_grants: revoked }, [
        `${email} is suspended; ${revoked} grants are revoked.`,
      ]);
    }),
});

export const accountResume = command({
  name: "account resume",
  operands: ["EMAIL"],
  says: "open a suspended account again",
  more: "The person can sign in with the password that they had.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const { id, email } = await findAccount(ask.operands[0], system);
      // A consent that was under way when it was suspended.
      await revokeGrants({ owner: id }, "account_suspended", system);
      await system.store.accounts.setSuspended(id, null);
      return print(ask, { sub: id, email, suspended: false }, [`${email} can sign in again.`]);
    }),
});
