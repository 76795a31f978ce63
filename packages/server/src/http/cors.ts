import type { FastifyReply, FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Pages of every origin may read the answers, faults included. */
    cors?: boolean;
  }
}

/**
 * On every answer of a route with `cors`: a page of any origin may read it, without cookies. The same for every
 * request, so caches need no Vary (docs/decisions/0069-cors-for-any-origin-without-credentials.md).
 * @see RFC 9700 §2.6, attack HT-18
 */
export const corsHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "WWW-Authenticate, Retry-After, DPoP-Nonce",
};

/** The age is in seconds; Chromium keeps a preflight no longer. */
const preflightHeaders: Readonly<Record<string, string>> = {
  "access-control-allow-headers": "authorization, content-type, dpop",
  "access-control-max-age": "7200",
};

/** Answers OPTIONS at a route with `cors`, a preflight or not. Reads no store and takes from no limit. */
export const sendPreflight = (reply: FastifyReply, methods: readonly string[]): FastifyReply =>
  reply
    .code(204)
    .headers(preflightHeaders)
    .headers({ allow: methods.join(", "), "access-control-allow-methods": methods.join(", ") })
    .send();

export const isPreflight = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === "OPTIONS" && routeOptions.config?.cors === true;
