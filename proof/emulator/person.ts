/**
 * A person with a browser that keeps nothing: opens the page and presses Allow, everything ticked. Answers where that
 * leads.
 */
export async function allow(authorizeUrl: string | URL): Promise<URL> {
  const page = await fetch(authorizeUrl, { redirect: "manual" });
  const markup = await page.text();
  if (page.status !== 200) throw new Error(`${page.status} ${markup}`);
  const scopes = [...markup.matchAll(/name="scope" value="([^"]*)"/g)].map(([, name]) => ["scope", name!]);
  const answer = await fetch(authorizeUrl, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams([["decision", "allow"], ["scope_shown", "1"], ...scopes]),
  });
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`${answer.status} and no Location`);
  return new URL(location);
}
