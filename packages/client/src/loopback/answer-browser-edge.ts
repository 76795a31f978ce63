import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** What the listener answers at: its origin and path, and the `state` that the program waits for, once it does. */
type Expected = { origin: string; path: string; state: string | undefined };

/**
 * Answers one request of the browser. Returns the `state` of an authorization response, or undefined if the request
 * is anything else, or the response to another sign-in. The `Host` must be our own: a page whose domain name resolves
 * to 127.0.0.1 is refused (MX-10).
 */
export function answerBrowser(
  { method, url = "", headers }: IncomingMessage,
  response: ServerResponse,
  expected: Expected,
): string | undefined {
  const respond = (status: number, title: string, text: string): undefined => {
    const body = page(status === 200, title, text);
    response
      .writeHead(status, { ...pageHeaders, "content-length": Buffer.byteLength(body) })
      .end(method === "HEAD" ? "" : body);
  };
  if (`http://${headers.host}` !== expected.origin)
    return respond(400, "This is another address", `Open this page as ${expected.origin}.`);
  const [requestPath, query = ""] = url.split("?");
  if (requestPath !== expected.path)
    return respond(404, "There is no page here", "A program waits at this address for the end of a sign-in.");
  if (method !== "GET") return respond(405, "This address accepts GET only", startAgain);
  const parameters = new URLSearchParams(query);
  const [state, error] = [parameters.get("state"), parameters.get("error")];
  if (state === null || !(parameters.has("code") || error !== null))
    return respond(400, "This is not the end of a sign-in", startAgain);
  if (expected.state !== undefined && state !== expected.state)
    return respond(400, "This is the end of another sign-in", `The program waits for a newer one. ${startAgain}`);
  if (error === "access_denied") respond(403, "You did not give access", `Nothing was stored. ${startAgain}`);
  else if (error !== null)
    respond(400, "The sign-in failed", `The provider answered ${printable(error)}. ${startAgain}`);
  else respond(200, "You are back", "You can close this window and go back to the program. It says whether it worked.");
  return state;
}

const startAgain = "You can close this window. To try again, start the sign-in in the program once more.";

/** An error code of a provider, which may come from an attacker: letters that no browser reads as markup. */
const printable = (error: string): string => error.replace(/[^\w.-]/g, "").slice(0, 64) || "an error";

const style = `
:root { color-scheme: light dark; --paper: #f4f3ef; --card: #fff; --line: #dedcd5; --ink: #1b1f24; --soft: #595f66; --good: #0b6b63; --bad: #a3271b; }
@media (prefers-color-scheme: dark) { :root { --paper: #101315; --card: #181c1f; --line: #2e3439; --ink: #eceeef; --soft: #a4adb4; --good: #5cc7b9; --bad: #ff9d8f; } }
body { margin: 0; padding: clamp(1rem, 7vh, 5rem) 1rem; font: 100%/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
main { max-width: 26rem; margin: 0 auto; padding: clamp(1.25rem, 6vw, 2.25rem); text-align: center; background: var(--card); border: 1px solid var(--line); border-radius: 1.125rem; }
main::before { content: ""; display: block; width: 2.75rem; height: 0.375rem; margin: 0 auto 1.25rem; background: var(--good); border-radius: 1rem; }
main.failed::before { background: var(--bad); }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
p { margin: 0; color: var(--soft); text-wrap: balance; }
`;

const page = (isGood: boolean, title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${style}</style>
</head>
<body>
<main${isGood ? "" : ' class="failed"'}>
<h1>${title}</h1>
<p>${text}</p>
</main>
</body>
</html>
`;

const styleDigest = createHash("sha256").update(style).digest("base64");

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${styleDigest}'; frame-ancestors 'none'; base-uri 'none'`,
  "x-content-type-options": "nosniff",
  connection: "close",
};
