import { basic, type Credentials } from "./credentials.ts";

/**
 * Exchanges a refresh token for new tokens (RFC 6749 §6). If the response is lost, repeat the request with the same
 * refresh token: until the new tokens are first used, the server returns the same response.
 */
export async function refresh(issuer: string, client: Credentials, refresh_token: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token }),
  });
  return await response.json();
}
