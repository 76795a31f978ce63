import { createClient, symbolon, type ClientOptions } from "@symbolon/client";

/** `baseUrl` is the issuer, byte for byte. */
export const symbolonClient = (options: ClientOptions) => createClient(symbolon, options);

/** A token for the application itself, and what it is good for. */
export async function ownToken(options: ClientOptions) {
  const client = symbolonClient(options);
  const { accessToken } = await client.clientCredentials({ scope: ["payroll:read"] });
  return await client.tokenInfo({ accessToken });
}

/** As a resource server: is this token good? `options` hold the resource server's own credentials. */
export async function isGood(options: ClientOptions, token: string, needed: string) {
  const state = await symbolonClient(options).introspect({ token });
  return state.active && state.scopes?.includes(needed) === true;
}
