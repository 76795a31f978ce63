import { encodeBase64Url, Sealed, type ClientId, type ClientSecret } from "@symbolon/protocol";
import type { SecretSlot } from "../applications/application.ts";
import { nowOf, type Deps, type Random } from "../deps.ts";
import { secretSlot } from "./secret-slot.ts";

/** Crockford's base32: no letter can be read as another. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** `app_` for a client or `rs_` for a resource server, and 80 random bits. */
export function newClientId(kind: "app" | "rs", random: Random): ClientId {
  const bits = random(10).reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  const characters = Array.from({ length: 16 }, (_, index) => alphabet[Number((bits >> BigInt(5 * index)) & 31n)]);
  return `${kind}_${characters.join("")}` as ClientId;
}

/** A client secret of 256 random bits, and the slot that the database keeps of it. */
export function newClientSecret(
  clientId: ClientId,
  { keyring, clock, random }: Pick<Deps, "keyring" | "clock" | "random">,
): { secret: ClientSecret; slot: SecretSlot } {
  const secret: ClientSecret = new Sealed(`sym_cs_${encodeBase64Url(random(32))}`);
  return { secret, slot: secretSlot(keyring, clientId, secret, nowOf(clock)) };
}
