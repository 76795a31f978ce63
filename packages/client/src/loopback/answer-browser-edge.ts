import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Answers one request of the browser. Returns the `state` of an authorization response, or undefined if the request
 * is anything else. The `Host` must be our own: a page whose domain name resolves to 127.0.0.1 is refused (MX-10).
 */
export function answerBrowser(
  { method, url = "", headers }: IncomingMessage,
  response: ServerResponse,
  origin: string,
  path: string,
): string | undefined {
  const respond = (status: number, text: string): undefined => {
    const body = page.replace("TEXT", text);
    response
      .writeHead(status, { ...pageHeaders, "content-length": Buffer.byteLength(body) })
      .end(method === "HEAD" ? "" : body);
  };
  if (`http://${headers.host}` !== origin) return respond(400, `This address must be opened as ${origin}.`);
  const [requestPath, query = ""] = url.split("?");
  if (requestPath !== path) return respond(404, "There is no page at this address.");
  if (method !== "GET") return respond(405, "This address accepts GET only.");
  const parameters = new URLSearchParams(query);
  const state = parameters.get("state");
  if (state === null || !(parameters.has("code") || parameters.has("error")))
    return respond(400, "This is not the end of a sign-in.");
  respond(200, "You can close this window and go back to the program.");
  return state;
}

const page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title><p>TEXT</p></html>\n';

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  connection: "close",
};
