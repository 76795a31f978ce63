import { basic, type Credentials } from "./credentials.ts";

/**
 * A resource server asks whether a token is active, and what it is valid for (RFC 7662). For every token that is not
 * active the response is `{"active":false}`.
 */
export async function introspect(issuer: string, resourceServer: Credentials, token: string) {
  const response = await fetch(`${issuer}/oauth/introspect`, {
    method: "POST",
    headers: { authorization: basic(resourceServer) },
    body: new URLSearchParams({ token }),
  });
  return await response.json();
}

/** Asks about up to 1,000 tokens in one request; the results are in the same order. */
export async function introspectBatch(issuer: string, resourceServer: Credentials, tokens: string[]) {
  const response = await fetch(`${issuer}/oauth/introspect/batch`, {
    method: "POST",
    headers: { authorization: basic(resourceServer) },
    body: new URLSearchParams({ tokens: tokens.join(" ") }),
  });
  return (await response.json()).results;
}
