import { isResourceIndicator } from "@symbolon/protocol";
import { nowOf, type ResourceServer } from "@symbolon/server";
import { readName } from "../app/registration.ts";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { facts, print } from "../command/print.ts";
import { newClientId, newSecret } from "../credentials/new-credentials.ts";
import { withSystem, type System } from "../data/open-system.ts";
import { describeResourceServer } from "./resource-server-view.ts";

export const resourceServerCreate = command({
  name: "resource-server create",
  operands: [],
  says: "register an API that checks tokens, and print its credentials once",
  more: `
  symbolon resource-server create --name "Payroll API" --resource https://api.example.com/payroll

With its credentials it may introspect any token that names no audience, or names its --resource (RFC 7662, RFC 8707).`,
  flags: {
    name: { type: "string", value: "NAME", says: "what operators read" },
    resource: { type: "string", value: "URI", says: "its identifier, for tokens that are meant for it alone" },
    ...dataFlags,
  },
  async run(ask) {
    const name = readName(ask.flags.name);
    const resource = readResource(ask.flags.resource);
    return await withSystem(ask, { create: true }, async (system) => {
      await refuseTaken(resource, system);
      const id = newClientId("rs", system.random);
      const { secret, slot } = newSecret(id, system);
      const made: ResourceServer = { id, name, secrets: [slot], resource, createdAt: nowOf(system.clock) };
      await system.store.resourceServers.insert(made);
      const { client_id, ...others } = describeResourceServer(made);
      const lines = facts([
        ["client_id", made.id],
        ["client_secret", secret],
        ["name", name],
        ["resource", resource ?? undefined],
      ]);
      return print(ask, { client_id, client_secret: secret, client_secret_expires_at: 0, ...others }, [
        ...lines,
        "",
        "Keep the secret now: it cannot be shown again.",
      ]);
    });
  },
});

function readResource(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isResourceIndicator(text)) return text;
  throw new UsageError(
    "--resource must be an absolute URI without a fragment.",
    "For example --resource https://api.example.com/payroll",
  );
}

async function refuseTaken(resource: string | null, { store }: System): Promise<void> {
  const taken =
    resource === null ? undefined : (await store.resourceServers.list()).find((one) => one.resource === resource);
  if (taken !== undefined)
    throw new Failure(
      `${resource} belongs to ${taken.id} already.`,
      "Each resource server has an identifier of its own.",
    );
}
