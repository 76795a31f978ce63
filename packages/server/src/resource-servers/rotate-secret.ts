import type { ResourceServer } from "../applications/application.ts";
import { newClientSecret } from "../clients/new-client-secret.ts";
import { addSecret, type SecretRotation } from "../clients/rotate-secret.ts";
import type { Deps } from "../deps.ts";

/** Gives a resource server a new secret. The newest secret before it keeps working, unless `retireOld` is set. */
export async function rotateResourceServerSecret(
  { id }: ResourceServer,
  { retireOld }: { retireOld: boolean },
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<SecretRotation> {
  const { secret, slot } = newClientSecret(id, deps);
  const slots = await deps.store.resourceServers.change(id, (row) => {
    if (row === undefined) return { answer: [] };
    const secrets = addSecret(slot, row.secrets, retireOld);
    return { answer: secrets, write: { ...row, secrets } };
  });
  return { secret, liveSecrets: slots.length };
}
