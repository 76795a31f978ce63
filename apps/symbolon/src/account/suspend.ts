import { resumeAccount, suspendAccount } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { findAccount } from "./find.ts";

export const accountSuspend = command({
  name: "account suspend",
  operands: ["EMAIL"],
  summary: "suspend an account and end its sessions, codes and tokens at once",
  details: `
The grants of the account are revoked, and stay revoked after symbolon account resume: the user then connects the
applications again.`,
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const { id, email } = await findAccount(invocation.operands[0], system);
      const { revokedGrants } = await suspendAccount(id, system);
      return print(invocation, { sub: id, email, suspended: true, revoked_grants: revokedGrants }, [
        `${email} is suspended. ${revokedGrants} grants are revoked.`,
      ]);
    }),
});

export const accountResume = command({
  name: "account resume",
  operands: ["EMAIL"],
  summary: "let a suspended account sign in again",
  details: "The user signs in with the password from before.",
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const { id, email } = await findAccount(invocation.operands[0], system);
      await resumeAccount(id, system);
      return print(invocation, { sub: id, email, suspended: false }, [`${email} can sign in again.`]);
    }),
});
