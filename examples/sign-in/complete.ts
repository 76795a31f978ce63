/** Says that a person has signed in on your page. Returns the address to send their browser to, by a redirect. */
export async function completeSignIn(signInId: string, user: { id: string; name: string }): Promise<string> {
  const issuer = process.env["SYMBOLON_ISSUER"]!;
  const credentials = `${process.env["SYMBOLON_CLIENT_ID"]!}:${process.env["SYMBOLON_CLIENT_SECRET"]!}`;
  const token = await post(`${issuer}/oauth/token`, {
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", resource: `${issuer}/admin` }),
  });
  const answer = await post(`${issuer}/admin/v1/sign-ins/${signInId}/complete`, {
    headers: { authorization: `Bearer ${token["access_token"]!}`, "content-type": "application/json" },
    body: JSON.stringify({ subject: user.id, name: user.name, authTime: Math.floor(Date.now() / 1000) }),
  });
  return answer["location"]!;
}

async function post(url: string, init: RequestInit): Promise<Record<string, string>> {
  const response = await fetch(url, { method: "POST", ...init });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, string>;
}
