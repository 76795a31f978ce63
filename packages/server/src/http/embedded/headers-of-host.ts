import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/**
 * A host application that has set Strict-Transport-Security keeps its own: ours would remove its `includeSubDomains`
 * from the browser, because the latest one counts (RFC 6797 §8.1).
 */
export function keepTransportSecurityOfHost(reply: FastifyReply): void {
  const policy = reply.raw.getHeader("strict-transport-security");
  if (policy !== undefined) reply.header("strict-transport-security", policy);
}

/** Our cookies are added to those that the host application has set. */
export function keepCookiesOfHost(reply: FastifyReply): void {
  const cookies = reply.raw.getHeader("set-cookie");
  if (cookies !== undefined) reply.header("set-cookie", cookies);
}

/**
 * CORS rules of the host application do not apply to our paths: one with credentials would let pages of other origins
 * read our pages in the name of the user (HT-18). The table of routes says what they may read.
 */
export function removeCorsOfHost(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) if (name.startsWith("access-control-")) response.removeHeader(name);
}
