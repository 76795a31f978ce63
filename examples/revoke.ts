import { basic, type Credentials } from "./credentials.ts";

/** Ends a grant (refresh token) or one access token. After the 200 it is dead everywhere; a 503 means ask again. */
export async function revoke(issuer: string, application: Credentials, token: string) {
  const response = await fetch(`${issuer}/oauth/revoke`, {
    method: "POST",
    headers: { authorization: basic(application) },
    body: new URLSearchParams({ token }),
  });
  return response.status === 200;
}
