import { basic, type Credentials } from "./credentials.ts";

/** A token for the client itself: without a user and without a refresh token (RFC 6749 §4.4). */
export async function clientCredentials(issuer: string, client: Credentials, scope: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  return await response.json();
}
