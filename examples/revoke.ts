import { basic, type Credentials } from "./credentials.ts";

/**
 * Revokes an access token, or with a refresh token the whole grant (RFC 7009). After 200 the token is invalid at once.
 * After 503 repeat the request.
 */
export async function revoke(issuer: string, client: Credentials, token: string) {
  const response = await fetch(`${issuer}/oauth/revoke`, {
    method: "POST",
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ token }),
  });
  return response.status === 200;
}
