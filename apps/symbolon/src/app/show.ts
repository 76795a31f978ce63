import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { applicationFacts, describeApplication } from "./application-view.ts";
import { findApplication } from "./find.ts";

export const appShow = command({
  name: "app show",
  operands: ["ID"],
  says: "show one application",
  more: "Secrets are stored as hashes; it shows when they were made.",
  flags: dataFlags,
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const application = await findApplication(ask.operands[0], system);
      return print(ask, describeApplication(application), applicationFacts(application));
    }),
});
