import type { ClientId } from "@symbolon/protocol";
import type { SecretRotation } from "@symbolon/server";
import { labelledLines } from "./print.ts";

/** A new secret in the member names of RFC 7591 §3.2.1. */
export const describeRotation = (clientId: ClientId, { secret, liveSecrets }: SecretRotation) => ({
  client_id: clientId,
  client_secret: secret.reveal(),
  client_secret_expires_at: 0,
  live_secrets: liveSecrets,
});

export const rotationLines = (clientId: ClientId, { secret, liveSecrets }: SecretRotation): string[] => [
  ...labelledLines([
    ["client_id", clientId],
    ["client_secret", secret.reveal()],
  ]),
  "",
  "Save the secret now: it cannot be shown again.",
  liveSecrets === 1
    ? "It is the only secret that works from now on."
    : "The previous secret keeps working until --retire-old.",
];
