/** What the token in hand is good for: scope, resource, resource owner, seconds to live. */
export async function tokenInfo(issuer: string, accessToken: string) {
  const response = await fetch(`${issuer}/oauth/token_info`, { headers: { authorization: `Bearer ${accessToken}` } });
  if (response.status === 401) throw new Error(response.headers.get("www-authenticate") ?? "");
  return await response.json();
}
