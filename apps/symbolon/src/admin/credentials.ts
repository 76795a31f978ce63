import { formatScope } from "@symbolon/protocol";
import { managementResource, managementScopes, registerManagementClient } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { labelledLines, print } from "../command/print.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import { serverConfigOf, withSystem } from "../data/open-system.ts";

export const adminCredentials = command({
  name: "admin credentials",
  operands: [],
  summary: "make a client of the management API and print its credentials once",
  details: `
Examples
  symbolon admin credentials --name "Our admin tool"
  symbolon admin credentials --name "Dashboard" --scope symbolon:read

The client gets its access tokens by client credentials, with the resource that is printed. Scopes:
  symbolon:read      read everything but secrets
  symbolon:write     change and delete
  symbolon:secrets   create and rotate client secrets, passwords and keys
  symbolon:sign-in   say who signed in, for a login server
Only this command makes such clients: no user can grant these scopes, and the API cannot give them.
symbolon app delete CLIENT_ID ends one.`,
  flags: {
    name: { type: "string", value: "NAME", summary: 'the name for operators (default "Management")' },
    scope: { type: "string", value: '"A B"', summary: "what it may do (default: all)" },
    issuer: { type: "string", value: "URL", summary: "the public URL of the server, where the file does not name it" },
    ...dataFlags,
  },
  async run(invocation) {
    const { name = "Management", scope } = invocation.flags;
    return await withSystem(invocation, { create: true }, async (system) => {
      const { client, secret } = acceptedValue(await registerManagementClient({ name, scope }, system), fieldWords);
      const resource = managementResource(serverConfigOf(system.settings));
      const client_secret = secret.reveal();
      const shown = { client_id: client.id, client_secret, client_secret_expires_at: 0, client_name: client.name };
      return print(invocation, { ...shown, scope: formatScope(client.scope), resource }, [
        ...labelledLines([
          ["client_id", client.id],
          ["client_secret", client_secret],
          ["name", client.name],
          ["scope", formatScope(client.scope)],
          ["resource", resource],
        ]),
        "",
        "Save the secret now: only a hash of it is stored, and it cannot be shown again.",
      ]);
    });
  },
});

const fieldWords = {
  name: { name: "--name", remedy: 'For example --name "Our admin tool".' },
  scope: { name: "--scope", remedy: `The scopes are ${managementScopes.join(" ")}.` },
};
