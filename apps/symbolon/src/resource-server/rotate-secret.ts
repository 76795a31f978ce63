import { rotateResourceServerSecret } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { describeRotation, rotationLines } from "../command/secret-rotation.ts";
import { withSystem } from "../data/open-system.ts";
import { findResourceServer } from "./find.ts";

export const resourceServerRotateSecret = command({
  name: "resource-server rotate-secret",
  operands: ["ID"],
  summary: "give a resource server a new secret",
  details: `
The previous secret keeps working beside the new one. Deploy the new secret, then run the command again with
--retire-old, which leaves one fresh secret. After a leak, use --retire-old at once.`,
  flags: {
    "retire-old": { type: "boolean", summary: "end all older secrets at once" },
    ...dataFlags,
  },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const resourceServer = await findResourceServer(invocation.operands[0], system);
      const retireOld = invocation.flags["retire-old"];
      const rotation = await rotateResourceServerSecret(resourceServer, { retireOld }, system);
      return print(
        invocation,
        describeRotation(resourceServer.id, rotation),
        rotationLines(resourceServer.id, rotation),
      );
    }),
});
