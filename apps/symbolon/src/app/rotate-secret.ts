import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { rotateSecret } from "../credentials/new-credentials.ts";
import { withSystem } from "../data/open-system.ts";
import { findApplication } from "./find.ts";
import { readAuthMethod } from "./registration.ts";

export const appRotateSecret = command({
  name: "app rotate-secret",
  operands: ["ID"],
  says: "give an application a new secret",
  more: `
The old secret keeps working beside the new one, so that nothing stands still: deploy the new one, then run this
again with --retire-old to be left with a single fresh secret. Tokens are not touched.`,
  flags: {
    "retire-old": { type: "boolean", says: "end the older secrets at once" },
    "auth-method": { type: "string", value: "METHOD", says: "bind it to client_secret_basic or client_secret_post" },
    ...dataFlags,
  },
  run: (ask) =>
    withSystem(ask, { create: false }, async (system) => {
      const application = await findApplication(ask.operands[0], system);
      if (application.type === "public")
        throw new UsageError(`${application.id} is public and has no secret.`, "Nothing to rotate.");
      const { flags } = ask;
      const authMethod =
        flags["auth-method"] === undefined
          ? application.authMethod
          : readAuthMethod(flags["auth-method"], application.type);
      const { secrets, answer, lines } = rotateSecret(
        application.id,
        application.secrets,
        { retireOld: flags["retire-old"] === true },
        system,
      );
      await system.store.applications.setSecrets(application.id, secrets, authMethod);
      return print(ask, { ...answer, token_endpoint_auth_method: authMethod }, lines);
    }),
});
