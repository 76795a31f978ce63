import { basic, type Credentials } from "./credentials.ts";

/** A token for the application itself: no person, no refresh token. */
export async function clientCredentials(issuer: string, application: Credentials, scope: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(application) },
    body: new URLSearchParams({ grant_type: "client_credentials", scope }),
  });
  return await response.json();
}
