/** Every refusal links to a page that says what to do; asked for JSON, it is data. */
export async function whatToDo(refusal: {
  error: string;
  error_uri: string;
}): Promise<{ says: string; remedy: string; clause: string }> {
  const response = await fetch(refusal.error_uri, { headers: { accept: "application/json" } });
  return await response.json();
}
