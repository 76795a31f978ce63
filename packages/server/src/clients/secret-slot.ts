import type { ClientId, EpochSeconds } from "@symbolon/protocol";
import type { SecretSlot } from "../applications/application.ts";
import type { Keyring } from "../keyring/keyring.ts";

/** All that a database gets to see of a client secret. */
export const secretSlot = (
  keyring: Keyring,
  clientId: ClientId,
  secret: string,
  createdAt: EpochSeconds,
): SecretSlot => ({
  digest: secretDigest(keyring, clientId, secret),
  createdAt,
});

/**
 * Under the keyring, and of the client's id too: in another client's row the digest opens nothing
 * (docs/decisions/0023-secret-hashes-are-bound-to-their-client.md). No id holds a NUL, so the first one ends it.
 */
export const secretDigest = (keyring: Keyring, clientId: ClientId, secret: string): Uint8Array =>
  keyring.digest("client_secret", `${clientId}\0${secret}`);
