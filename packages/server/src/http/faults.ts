import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Reason } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { StoreUnavailable } from "../store/contract.ts";
import { sendRefusal } from "./answers.ts";
import { sendProblem } from "./browser.ts";
import { splitUrl } from "./form-request.ts";
import type { Edge } from "./edge.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Called by applications, never by a person's browser. */
    speaksJson?: boolean;
  }
}

/**
 * An unknown outcome is 503 and may be tried again; everything unforeseen is 500 without a word about why (I10, HT-12).
 */
export function sendFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply, edge: Edge): FastifyReply {
  return refuseAsJsonOrPage(request, reply, reportFault(error, splitUrl(request.raw.url!).path, edge.deps), edge);
}

/** Tells the log, and answers what the wire may hear. */
export function reportFault(error: Error, endpoint: string, deps: Pick<Deps, "emit">): Reason {
  const reason = reasonOf(error);
  if (reason === "store_unavailable") deps.emit({ name: "store.unavailable", endpoint, cause: causeOf(error) });
  if (reason === "unexpected") deps.emit({ name: "server.fault", endpoint, cause: causeOf(error) });
  return reason;
}

function reasonOf(error: Error & Partial<FastifyError>): Reason {
  if (error instanceof StoreUnavailable) return "store_unavailable";
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return "body_too_large";
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return "content_type_unsupported";
  const isTheirs = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return isTheirs ? "headers_malformed" : "unexpected";
}

/**
 * For the log: where it broke. A message of the platform may quote input, so only its first line and the place are
 * kept.
 */
const causeOf = (error: Error): string =>
  (error.stack ?? String(error)).split("\n").slice(0, 4).join(" | ").slice(0, 500);

/** A page for a person, JSON for everybody else: some HTTP clients claim to accept text/html whatever they ask for. */
export function refuseAsJsonOrPage(
  request: FastifyRequest,
  reply: FastifyReply,
  reason: Reason,
  edge: Edge,
): FastifyReply {
  const wantsPage =
    (request.headers.accept ?? "").includes("text/html") && request.routeOptions.config.speaksJson !== true;
  return wantsPage
    ? sendProblem(reply, reason, undefined, edge)
    : sendRefusal(reply, { reason }, edge.deps.config.issuer);
}
