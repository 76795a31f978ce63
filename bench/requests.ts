import type { Credentials } from "./seeds/seed.ts";

/** The issuer's host: the Host header of every request, independent of the server's port. */
export const benchIssuer = "http://localhost:8787";

const host = `Host: ${new URL(benchIssuer).host}`;

export const formType = "application/x-www-form-urlencoded";

/** A request as it goes over the wire. */
export const post = (path: string, body: string, headers: readonly string[], type = formType): string =>
  [`POST ${path} HTTP/1.1`, host, ...headers, `Content-Type: ${type}`, `Content-Length: ${body.length}`, "", body].join(
    "\r\n",
  );

export const basic = ({ id, secret }: Credentials): string =>
  `Authorization: Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

export const bearer = (token: string): string => `Authorization: Bearer ${token}`;

/** Reads a string member of a JSON object; JSON.parse would cost more than the server's work. */
export function memberOf(body: string, name: string): string | undefined {
  const at = body.indexOf(`"${name}":"`);
  return at < 0 ? undefined : body.slice(at + name.length + 4, body.indexOf('"', at + name.length + 4));
}
