import type { ClientId, ClientSecret, EpochSeconds } from "@symbolon/protocol";
import type { SecretSlot } from "../applications/application.ts";
import type { Keyring } from "../keyring/keyring.ts";

/** What the database keeps of a client secret. */
export const secretSlot = (
  keyring: Keyring,
  clientId: ClientId,
  secret: ClientSecret,
  createdAt: EpochSeconds,
): SecretSlot => ({
  digest: secretDigest(keyring, clientId, secret),
  createdAt,
});

/**
 * Keyed hash of the secret and the client id, so that a digest copied to the row of another client matches nothing
 * (docs/decisions/0023-secret-hashes-are-bound-to-their-client.md). A client id holds no NUL, so the first one ends it.
 */
export const secretDigest = (keyring: Keyring, clientId: ClientId, secret: ClientSecret): Uint8Array =>
  keyring.digest("client_secret", `${clientId}\0${secret.reveal()}`);
