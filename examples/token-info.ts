/** What an access token is valid for: scope, resource, resource owner, and the seconds until it expires. */
export async function tokenInfo(issuer: string, accessToken: string) {
  const response = await fetch(`${issuer}/oauth/token_info`, { headers: { authorization: `Bearer ${accessToken}` } });
  if (response.status === 401) throw new Error(response.headers.get("www-authenticate") ?? "");
  return await response.json();
}
