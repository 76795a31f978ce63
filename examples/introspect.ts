import { basic, type Credentials } from "./credentials.ts";

/** A resource server asks whether a token is good. Anything that is not comes back as `{"active":false}`. */
export async function introspect(issuer: string, resourceServer: Credentials, token: string) {
  const response = await fetch(`${issuer}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: basic(resourceServer) },
    body: new URLSearchParams({ token }),
  });
  return await response.json();
}

/** Up to 1,000 tokens in one call; the answers come in the same order. */
export async function introspectBatch(issuer: string, resourceServer: Credentials, tokens: string[]) {
  const response = await fetch(`${issuer}/oauth/introspect/batch`, {
    method: "POST",
    headers: { authorization: basic(resourceServer) },
    body: new URLSearchParams({ tokens: tokens.join(" ") }),
  });
  return (await response.json()).results;
}
