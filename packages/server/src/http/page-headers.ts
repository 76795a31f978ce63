import type { FastifyReply } from "fastify";

/** Headers of every page (WB-04, WB-05, AP-14). */
export function pageHeaders(reply: FastifyReply): FastifyReply {
  return flowHeaders(reply, "; form-action 'self'").header("cross-origin-opener-policy", "same-origin");
}

/**
 * Headers of the pages between an authorization request and its answer. Their forms may lead anywhere, because Chromium
 * applies form-action to each redirect that follows; and a popup keeps its opener
 * (docs/decisions/0052-forms-and-popups-lead-back-to-the-application.md). `directives` are further ones of the policy.
 */
export function flowHeaders(reply: FastifyReply, directives = ""): FastifyReply {
  const policy =
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'" + directives;
  return reply
    .header("content-security-policy", policy)
    .header("x-frame-options", "DENY")
    .header("referrer-policy", "no-referrer")
    .header("cache-control", "no-store")
    .header("content-type", "text/html;charset=utf-8");
}
