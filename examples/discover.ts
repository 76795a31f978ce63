/** Everything a client needs to know, from the issuer alone (RFC 8414). */
export async function discover(issuer: string) {
  const response = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  const metadata = await response.json();
  if (metadata.issuer !== issuer) throw new Error("This is the metadata of another issuer.");
  return metadata;
}
