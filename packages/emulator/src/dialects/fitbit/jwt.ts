import { createHmac } from "node:crypto";
import type { AccessTokenInput } from "../../provider/provider.ts";
import { abbreviated } from "./scopes.ts";

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * The access token: a JWT signed with HS256, so only Fitbit could verify it. The emulator uses another key for each
 * token, so that two tokens issued in the same second differ.
 */
export function jwtOf({ seed, label, grant, issuedAt, expiresAt, provider }: AccessTokenInput): string {
  const readWrite = provider.applications.get(grant.clientId)?.readWrite === true;
  const claims = {
    aud: grant.clientId,
    sub: grant.person?.id ?? grant.clientId,
    iss: "Fitbit",
    typ: "access_token",
    scopes: abbreviated(grant.scope, { readWrite }),
    exp: expiresAt,
    iat: issuedAt,
  };
  const signed = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", seed.bytes(`jwt key ${label}`, 32))
    .update(signed)
    .digest("base64url")}`;
}
