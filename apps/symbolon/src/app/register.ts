import { nowOf, type Application } from "@symbolon/server";
import type { System } from "../data/open-system.ts";
import { newClientId, newSecret } from "../credentials/new-credentials.ts";

export type Registration = Pick<
  Application,
  "name" | "type" | "authMethod" | "redirectUris" | "scope" | "replay" | "accessTokenLifetimes"
>;

/** Stores a new application; the secret, of a confidential one, is in this answer and nowhere else. */
export async function registerApplication(
  registration: Registration,
  system: System,
): Promise<{ application: Application; secret: string | undefined }> {
  const id = newClientId("app", system.random);
  const made = registration.type === "confidential" ? newSecret(id, system) : undefined;
  const application: Application = {
    ...registration,
    id,
    secrets: made === undefined ? [] : [made.slot],
    createdAt: nowOf(system.clock),
    suspendedAt: null,
  };
  await system.store.applications.insert(application);
  return { application, secret: made?.secret };
}
