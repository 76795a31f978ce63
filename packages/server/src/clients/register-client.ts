import type { ClientSecret } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { ClientRegistration } from "./client-registration.ts";
import { newClientId, newClientSecret } from "./new-client-secret.ts";

/**
 * Stores a new client. The secret of a confidential client is in this answer and nowhere else; a public client has
 * none.
 */
export async function registerClient(
  registration: ClientRegistration,
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<{ client: Application; secret: ClientSecret | undefined }> {
  const id = newClientId("app", deps.random);
  const credentials = registration.type === "confidential" ? newClientSecret(id, deps) : undefined;
  const client: Application = {
    ...registration,
    id,
    secrets: credentials === undefined ? [] : [credentials.slot],
    createdAt: nowOf(deps.clock),
    suspendedAt: null,
    version: 0,
  };
  await deps.store.applications.insert(client);
  return { client, secret: credentials?.secret };
}
