/** The metadata of an authorization server: its endpoints and what it supports (RFC 8414 §3). */
export async function discover(issuer: string) {
  const response = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  const metadata = await response.json();
  if (metadata.issuer !== issuer) throw new Error("This is the metadata of another issuer.");
  return metadata;
}
