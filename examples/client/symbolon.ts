import { createClient, symbolon, type ClientOptions } from "@symbolon/client";

/** One client for the whole program; `baseUrl` is the issuer, byte for byte. */
export const symbolonClient = (options: ClientOptions) => createClient(symbolon, options);
type Symbolon = ReturnType<typeof symbolonClient>;

/** A token for the application itself, and what it is good for. */
export async function ownToken(client: Symbolon) {
  const { accessToken } = await client.clientCredentials({ scope: ["payroll:read"] });
  return await client.tokenInfo({ accessToken });
}

/** As a resource server: is this token good? The client has the resource server's own credentials. */
export async function isGood(client: Symbolon, token: string, needed: string) {
  const state = await client.introspect({ token });
  return state.active && state.scopes?.includes(needed) === true;
}
