import { rotateClientSecret } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import { describeRotation, rotationLines } from "../command/secret-rotation.ts";
import { withSystem } from "../data/open-system.ts";
import { authMethodWords } from "./field-words.ts";
import { findApplication } from "./find.ts";

export const appRotateSecret = command({
  name: "app rotate-secret",
  operands: ["ID"],
  summary: "give an application a new secret",
  details: `
The previous secret keeps working beside the new one. Deploy the new secret, then run the command again with
--retire-old, which leaves one fresh secret. After a leak, use --retire-old at once. Tokens keep working.`,
  flags: {
    "retire-old": { type: "boolean", summary: "end all older secrets at once" },
    "auth-method": {
      type: "string",
      value: "METHOD",
      summary: "register it with client_secret_basic, client_secret_post or any",
    },
    ...dataFlags,
  },
  run: (invocation) =>
    withSystem(invocation, { create: false }, async (system) => {
      const { flags, operands } = invocation;
      const application = await findApplication(operands[0], system);
      const options = { retireOld: flags["retire-old"], authMethod: flags["auth-method"] };
      const rotation = acceptedValue(await rotateClientSecret(application, options, system), {
        type: { name: "Application", isList: true },
        authMethod: authMethodWords,
      });
      return print(
        invocation,
        { ...describeRotation(application.id, rotation), token_endpoint_auth_method: rotation.authMethod },
        rotationLines(application.id, rotation),
      );
    }),
});
