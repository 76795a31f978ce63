import { basic, type Credentials } from "./credentials.ts";

/**
 * New tokens for an old refresh token. Was the answer lost? Ask again with the same token: until the new ones are first
 * used, you get the same answer.
 */
export async function refresh(issuer: string, application: Credentials, refresh_token: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(application) },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token }),
  });
  return await response.json();
}
