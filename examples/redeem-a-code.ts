import { basic, type Credentials } from "./credentials.ts";

/**
 * Exchanges an authorization code for tokens (RFC 6749 §4.1.3). A code works once, for one minute, and only with the
 * verifier of its authorization request.
 */
export async function redeemCode(issuer: string, client: Credentials, code: string, verifier: string) {
  const response = await fetch(`${issuer}/oauth/token`, {
    method: "POST",
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ grant_type: "authorization_code", code, code_verifier: verifier }),
  });
  return await response.json();
}
