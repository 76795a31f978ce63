import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { rotateSecret } from "../credentials/new-credentials.ts";
import { withSystem } from "../data/open-system.ts";
import { findResourceServer } from "./find.ts";

export const resourceServerRotateSecret = command({
  name: "resource-server rotate-secret",
  operands: ["ID"],
  says: "give a resource server a new secret",
  more: `
The old secret keeps working beside the new one, so that nothing stands still: deploy the new one, then run this
again with --retire-old to be left with a single fresh secret. After a leak, use --retire-old at once.`,
  flags: {
    "retire-old": { type: "boolean", says: "end the older secrets at once" },
    ...dataFlags,
  },
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const { id, secrets: before } = await findResourceServer(ask.operands[0], system);
      const { secrets, answer, lines } = rotateSecret(
        id,
        before,
        { retireOld: ask.flags["retire-old"] === true },
        system,
      );
      await system.store.resourceServers.setSecrets(id, secrets);
      return print(ask, answer, lines);
    }),
});
