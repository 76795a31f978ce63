import { basic, type Credentials } from "./credentials.ts";

/** A code for tokens. It works once, for a minute, and only with the verifier of its own request. */
export async function redeemCode(issuer: string, application: Credentials, code: string, verifier: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(application) },
    body: new URLSearchParams({ grant_type: "authorization_code", code, code_verifier: verifier }),
  });
  return await response.json();
}
