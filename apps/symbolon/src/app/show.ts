import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { applicationLines, describeApplication } from "./application-view.ts";
import { findApplication } from "./find.ts";

export const appShow = command({
  name: "app show",
  operands: ["ID"],
  summary: "show one application",
  details: "Secrets are stored as hashes. The output has the time at which each was created.",
  flags: dataFlags,
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const application = await findApplication(invocation.operands[0], system);
      return print(invocation, describeApplication(application), applicationLines(application));
    }),
});
