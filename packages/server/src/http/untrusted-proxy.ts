import type { FastifyReply, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";

/**
 * A hook that emits `proxy.not_trusted` once, when a peer sends X-Forwarded-For and is not in `trustedProxies`. If that
 * is the operator's own proxy, all requests through it count as one network (OP-13). Anyone can send the header, so it
 * changes nothing, and once is enough.
 */
export function reportUntrustedProxy({
  emit,
}: Pick<Deps, "emit">): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  let isReported = false;
  return (request, _reply, done) => {
    if (!isReported && request.raw.headers["x-forwarded-for"] !== undefined && !isPeerTrusted(request)) {
      isReported = true;
      emit({ name: "proxy.not_trusted", peer: request.raw.socket.remoteAddress ?? "" });
    }
    done();
  };
}

/** Fastify lists the peer, and the addresses before it as far as it trusts them. */
const isPeerTrusted = ({ ips }: FastifyRequest): boolean => (ips?.length ?? 1) > 1;
