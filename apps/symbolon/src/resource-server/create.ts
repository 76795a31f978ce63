import { registerResourceServer, validateResourceServer } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { labelledLines, print } from "../command/print.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import { withSystem } from "../data/open-system.ts";
import { describeResourceServer } from "./resource-server-view.ts";

export const resourceServerCreate = command({
  name: "resource-server create",
  operands: [],
  summary: "register an API that introspects tokens and print its credentials once",
  details: `
Example
  symbolon resource-server create --name "Payroll API" --resource https://api.example.com/payroll

With its credentials the API may introspect every token that has no audience or whose audience includes --resource
(RFC 7662, RFC 8707).`,
  flags: {
    name: { type: "string", value: "NAME", summary: "the name for operators" },
    resource: { type: "string", value: "URI", summary: "the identifier that a token's audience names" },
    ...dataFlags,
  },
  async run(invocation) {
    const registration = acceptedValue(validateResourceServer(invocation.flags), fieldWords);
    return await withSystem(invocation, { create: true }, async (system) => {
      const { resourceServer, secret } = acceptedValue(await registerResourceServer(registration, system), takenWords);
      const { client_id, ...metadata } = describeResourceServer(resourceServer);
      const client_secret = secret.reveal();
      return print(invocation, { client_id, client_secret, client_secret_expires_at: 0, ...metadata }, [
        ...labelledLines([
          ["client_id", client_id],
          ["client_secret", client_secret],
          ["name", resourceServer.name],
          ["resource", resourceServer.resource ?? undefined],
        ]),
        "",
        "Save the secret now: it cannot be shown again.",
      ]);
    });
  },
});

const fieldWords = {
  name: { name: "--name", remedy: 'For example --name "Payroll API".' },
  resource: { name: "--resource", remedy: "For example --resource https://api.example.com/payroll." },
};

const takenWords = { resource: { name: "--resource", remedy: "Each resource server needs an identifier of its own." } };
