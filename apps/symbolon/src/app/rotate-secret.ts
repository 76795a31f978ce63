import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { newSecret } from "../credentials/new-credentials.ts";
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
      if (application.type === "public") throw new UsageError(`${application.id} is public and has no secret.`, "Nothing to rotate.");
      const { flags } = ask;
      const authMethod = flags["auth-method"] === undefined ? application.authMethod : readAuthMethod(flags["auth-method"], application.type);
      const { secret, slot } = newSecret(application.id, system);
      const kept = flags["retire-old"] ? [] : application.secrets.slice(0, 1);
      await system.store.applications.setSecrets(application.id, [slot, ...kept], authMethod);
      const answer = {
        client_id: application.id,
        client_secret: secret,
        client_secret_expires_at: 0,
        token_endpoint_auth_method: authMethod,
        live_secrets: 1 + kept.length,
      };
      const old = kept.length === 0 ? "It is the only secret that works from now on." : "The secret before it works too, until --retire-old.";
      return print(ask, answer, [`client_id      ${application.id}`, `client_secret  ${secret}`, "", "Keep it now: it cannot be shown again.", old]);
    }),
});
