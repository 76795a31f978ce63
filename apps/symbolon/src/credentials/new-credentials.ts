import { encodeBase64Url, type ClientId } from "@symbolon/protocol";
import { nowOf, secretSlot, type Clock, type Keyring, type Random, type SecretSlot } from "@symbolon/server";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * `app_` or `rs_` and 80 random bits in Crockford's base32: no letter that could be read as another, never issued
 * twice.
 */
export function newClientId(kind: "app" | "rs", random: Random): ClientId {
  const bits = random(10).reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  const characters = Array.from({ length: 16 }, (_, index) => alphabet[Number((bits >> BigInt(5 * index)) & 31n)]);
  return `${kind}_${characters.join("")}` as ClientId;
}

/** A client secret of 256 random bits, and the slot that the database keeps of it. */
export function newSecret(
  clientId: ClientId,
  { keyring, clock, random }: { keyring: Keyring; clock: Clock; random: Random },
): { secret: string; slot: SecretSlot } {
  const secret = `sym_cs_${encodeBase64Url(random(32))}`;
  return { secret, slot: secretSlot(keyring, clientId, secret, nowOf(clock)) };
}

/** A second secret beside the newest of those before it, or alone; and what the operator reads. */
export function rotateSecret(
  clientId: ClientId,
  before: readonly SecretSlot[],
  { retireOld }: { retireOld: boolean },
  system: { keyring: Keyring; clock: Clock; random: Random },
) {
  const { secret, slot } = newSecret(clientId, system);
  const kept = retireOld ? [] : before.slice(0, 1);
  const old =
    kept.length === 0
      ? "It is the only secret that works from now on."
      : "The secret before it works too, until --retire-old.";
  return {
    secrets: [slot, ...kept],
    answer: { client_id: clientId, client_secret: secret, client_secret_expires_at: 0, live_secrets: 1 + kept.length },
    lines: [
      `client_id      ${clientId}`,
      `client_secret  ${secret}`,
      "",
      "Keep it now: it cannot be shown again.",
      old,
    ],
  };
}
