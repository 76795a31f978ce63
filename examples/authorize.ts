/**
 * The URL to send the user to, with PKCE and a random `state`. Keep `verifier` and `state` in the user's session.
 * RFC 6749 §4.1.1, RFC 7636 §4.3.
 */
export async function authorizationUrl(issuer: string, client_id: string, redirect_uri: string, scope: string) {
  const verifier = randomText();
  const state = randomText();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const parameters = {
    response_type: "code",
    client_id,
    redirect_uri,
    scope,
    state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  };
  return { url: `${issuer}/oauth/authorize?${new URLSearchParams(parameters)}`, verifier, state };
}

/** Checks `iss` and `state` of the redirect and returns the code (RFC 6749 §4.1.2, RFC 9207 §2.4). */
export function codeFromRedirect(location: string, issuer: string, state: string): string {
  const response = new URL(location).searchParams;
  if (response.get("iss") !== issuer || response.get("state") !== state)
    throw new Error("The redirect does not answer this authorization request.");
  const code = response.get("code");
  if (code === null) throw new Error(`${response.get("error")}: ${response.get("error_description")}`);
  return code;
}

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
