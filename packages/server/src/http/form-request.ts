import { isIP } from "node:net";
import { ok, parseForm, refuse, type Form, type Result } from "@symbolon/protocol";
import type { FastifyRequest } from "fastify";
import type { FormRequest } from "../request.ts";
import { networkOfAddress } from "./network.ts";
import { parameterNames } from "./parameters.ts";

/** The path of a URL, and what follows the question mark. */
export function splitUrl(url: string): { path: string; query: string | undefined } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: undefined } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/**
 * The media type of a form. Ignores parameters, except a charset in which ASCII means something else: the body
 * is ASCII, and its percent-escapes are UTF-8 (RFC 6749 Appendix B).
 * @see RFC 9110 §8.3.1
 */
export const formType =
  /^application\/x-www-form-urlencoded[ \t]*(?:;[ \t]*(?:(?:charset="?(?:utf-8|(?:us-)?ascii|iso-8859-\d{1,2}|windows-125\d)"?|(?!charset=)[^\s;="]+=(?:[^\s;"]+|"[^"\\]*"))[ \t]*)?)*$/i;

/**
 * Parses the body. Refuses parameters in the URL without reading them: URLs are logged, and may hold secrets (CA-03).
 */
export function readFormRequest(request: FastifyRequest, body: string): Result<FormRequest> {
  const { path, query } = splitUrl(request.raw.url!);
  if (query !== undefined) return refuse("query_not_allowed");
  const form = parseForm(body, parameterNames);
  if (!form.ok) return form;
  return ok({ form: form.value, authorization: authorizationOf(request), network: networkOf(request), endpoint: path });
}

/** The parameters of a page: the query of a GET, the body of a POST, never both (AP-08). */
export function readPageForm(request: FastifyRequest, parse: typeof parseForm): Result<Form> {
  const { query } = splitUrl(request.raw.url!);
  if (request.method !== "POST") return parse(query ?? "", parameterNames);
  return query === undefined ? parse(bodyOf(request), parameterNames) : refuse("query_not_allowed");
}

const bodyOf = (request: FastifyRequest): string => (request.body as string | undefined) ?? "";

/** Joins several Authorization headers, so that they parse as none: Node would keep the first. */
export function authorizationOf({ raw }: FastifyRequest): string | undefined {
  const sent: string[] = [];
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    if (raw.rawHeaders[at]!.toLowerCase() === "authorization") sent.push(raw.rawHeaders[at + 1]!);
  }
  return sent.length === 0 ? undefined : sent.join(", ");
}

/**
 * The network that a request comes from: the address of the peer, or the one that a trusted proxy forwards. For an IPv6
 * address the first 64 bits, because one host usually has the rest. Falls back to the peer if the proxy forwards
 * something that is not an address.
 */
export function networkOf({
  ip,
  raw,
}: Pick<FastifyRequest, "ip"> & { raw: { socket: { remoteAddress?: string | undefined } } }): string {
  const address = isIP(ip) === 0 ? (raw.socket.remoteAddress ?? "") : ip;
  return networkOfAddress(address);
}
