/** Where to send the person who shall connect: PKCE, a `state` of your own, and what you ask for. */
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

/** The code from the redirect, once `iss` and `state` have been compared (RFC 9207 §2.4). */
export function codeFromRedirect(location: string, issuer: string, state: string): string {
  const answer = new URL(location).searchParams;
  if (answer.get("iss") !== issuer || answer.get("state") !== state) throw new Error("This answer is not for us.");
  const code = answer.get("code");
  if (code === null) throw new Error(`${answer.get("error")}: ${answer.get("error_description")}`);
  return code;
}

const randomText = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
