import { encodeBase64Url, type ClientId } from "@symbolon/protocol";
import { nowOf, secretSlot, type Clock, type Keyring, type Random, type SecretSlot } from "@symbolon/server";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `app_` or `rs_` and 80 random bits in Crockford's base32: no letter that could be read as another, never issued twice. */
export function newClientId(kind: "app" | "rs", random: Random): ClientId {
  const bits = random(10).reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  const characters = Array.from({ length: 16 }, (_, index) => alphabet[Number((bits >> BigInt(5 * index)) & 31n)]);
  return `${kind}_${characters.join("")}` as ClientId;
}

/** A client secret of 256 random bits, and the slot that the database keeps of it. */
export function newSecret(clientId: ClientId, { keyring, clock, random }: { keyring: Keyring; clock: Clock; random: Random }): { secret: string; slot: SecretSlot } {
  const secret = `sym_cs_${encodeBase64Url(random(32))}`;
  return { secret, slot: secretSlot(keyring, clientId, secret, nowOf(clock)) };
}
