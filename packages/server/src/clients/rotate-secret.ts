import type { ClientSecret } from "@symbolon/protocol";
import type { Application, SecretSlot } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import { invalid, type Validated } from "../field-problem.ts";
import { validateAuthMethod } from "./client-registration.ts";
import { newClientSecret } from "./new-client-secret.ts";

export type SecretRotation = {
  secret: ClientSecret;
  /** How many secrets work from now on: the new one, and with it the newest of those before. */
  liveSecrets: number;
};

/**
 * Gives a confidential client a new secret. The newest secret before it keeps working, unless `retireOld` is set.
 * `authMethod` registers the client with a method, or with `any`; absent: nothing changes. A public client is refused.
 */
export async function rotateClientSecret(
  client: Application,
  { retireOld, authMethod }: { retireOld: boolean; authMethod?: string | undefined },
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<Validated<SecretRotation & Pick<Application, "authMethod">, "type" | "authMethod">> {
  if (client.type === "public") return invalid("type", "is public and has no secret", { value: client.id });
  const method =
    authMethod === undefined
      ? { ok: true as const, value: client.authMethod }
      : validateAuthMethod(authMethod, client.type);
  if (!method.ok) return method;
  const made = newClientSecret(client.id, deps);
  const slots = await deps.store.applications.change(client.id, (row) => {
    if (row === undefined) return { answer: [] };
    const secrets = addSecret(made.slot, row.secrets, retireOld);
    return { answer: secrets, write: { ...row, secrets, authMethod: method.value } };
  });
  return { ok: true, value: { secret: made.secret, liveSecrets: slots.length, authMethod: method.value } };
}

/** The slots after a rotation, newest first. At most two secrets of one client work at a time (CA-13). */
export const addSecret = (
  made: SecretSlot,
  before: readonly SecretSlot[],
  retireOld: boolean,
): readonly SecretSlot[] => [made, ...(retireOld ? [] : before.slice(0, 1))];
