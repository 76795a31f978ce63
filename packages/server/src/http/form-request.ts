import { isIP } from "node:net";
import { ok, parseForm, refuse, type Form, type Result } from "@symbolon/protocol";
import type { FastifyRequest } from "fastify";
import type { FormRequest } from "../request.ts";

/** The path of a request as it came, and what stands behind its question mark. */
export function splitUrl(url: string): { path: string; query: string | undefined } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: undefined } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** The media type of a form, in UTF-8 where it says so. */
export const formType = /^application\/x-www-form-urlencoded(?:\s*;\s*charset=(?:utf-8|"utf-8"))?\s*;?$/i;

/**
 * The form in the body. Parameters in the URL are refused unread: they may be secrets, and URLs end up in logs (CA-03).
 */
export function readFormRequest(request: FastifyRequest, body: string): Result<FormRequest> {
  const { path, query } = splitUrl(request.raw.url!);
  if (query !== undefined) return refuse("query_not_allowed");
  const form = parseForm(body);
  if (!form.ok) return form;
  return ok({ form: form.value, authorization: authorizationOf(request), network: networkOf(request), endpoint: path });
}

/**
 * The parameters of a page: of the query where it is asked for, of the body where a form was posted; never of both
 * (AP-08).
 */
export function readPageForm(request: FastifyRequest, parse: typeof parseForm): Result<Form> {
  const { query } = splitUrl(request.raw.url!);
  if (request.method === "GET") return parse(query ?? "");
  return query === undefined ? parse(bodyOf(request)) : refuse("query_not_allowed");
}

const bodyOf = (request: FastifyRequest): string => (request.body as string | undefined) ?? "";

/** Two Authorization headers are joined, so that no reader finds a credential in them. */
export function authorizationOf({ raw }: FastifyRequest): string | undefined {
  const sent: string[] = [];
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    if (raw.rawHeaders[at]!.toLowerCase() === "authorization") sent.push(raw.rawHeaders[at + 1]!);
  }
  return sent.length === 0 ? undefined : sent.join(", ");
}

/**
 * Where a request comes from: the address of the peer or, where that is a trusted proxy, the one that it names; of an
 * IPv6 address its first 64 bits, because a single host has all the rest to itself. What a proxy names may be no
 * address.
 */
export function networkOf({
  ip,
  raw,
}: Pick<FastifyRequest, "ip"> & { raw: { socket: { remoteAddress?: string | undefined } } }): string {
  const address = isIP(ip) === 0 ? (raw.socket.remoteAddress ?? "") : ip;
  if (!address.includes(":") || address.startsWith("::ffff:")) return address.replace("::ffff:", "");
  const [head = "", tail = ""] = address.split("::");
  const before = head.split(":").filter(Boolean);
  const after = tail.split(":").filter(Boolean);
  const zeros = address.includes("::") ? Array<string>(8 - before.length - after.length).fill("0") : [];
  return [...before, ...zeros, ...after].slice(0, 4).join(":");
}
