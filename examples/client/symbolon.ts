import { createClient, symbolon, type ClientOptions } from "@symbolon/client";

/** Creates one client for the whole program. `baseUrl` is exactly the issuer. */
export const symbolonClient = (options: ClientOptions) => createClient(symbolon, options);
type Symbolon = ReturnType<typeof symbolonClient>;

/** Gets a token for the client itself, and asks what it is valid for. */
export async function getClientToken(client: Symbolon) {
  const { accessToken } = await client.clientCredentials({ scope: ["payroll:read"] });
  return await client.tokenInfo({ accessToken });
}

/** For a resource server: whether a token is active and has a scope. `client` has the credentials of the server. */
export async function isAllowed(client: Symbolon, token: string, needed: string) {
  const state = await client.introspect({ token });
  return state.active && state.scopes?.includes(needed) === true;
}
