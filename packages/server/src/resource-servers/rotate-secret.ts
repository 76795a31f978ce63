import type { ResourceServer } from "../applications/application.ts";
import { addSecret, type SecretRotation } from "../clients/rotate-secret.ts";
import type { Deps } from "../deps.ts";

/** Gives a resource server a new secret. The newest secret before it keeps working, unless `retireOld` is set. */
export async function rotateResourceServerSecret(
  { id, secrets }: ResourceServer,
  { retireOld }: { retireOld: boolean },
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<SecretRotation> {
  const { secret, slots } = addSecret(id, secrets, retireOld, deps);
  await deps.store.resourceServers.setSecrets(id, slots);
  return { secret, liveSecrets: slots.length };
}
