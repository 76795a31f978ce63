/** Fetches the explanation of an error: `error_uri` is a page for people, and JSON for programs that accept it. */
export async function explainError(response: {
  error: string;
  error_uri: string;
}): Promise<{ says: string; remedy: string; clause: string }> {
  const page = await fetch(response.error_uri, { headers: { accept: "application/json" } });
  return await page.json();
}
