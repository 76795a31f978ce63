import type { Reason } from "@symbolon/protocol";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import { StoreUnavailable } from "../store/contract.ts";
import { sendRefusal } from "./answers.ts";
import { sendProblem } from "./browser.ts";
import type { Edge } from "./edge.ts";
import { splitUrl } from "./form-request.ts";
import { sendProblemDetails } from "./problem-answer.ts";
import { depsOf } from "./request-log.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Called by clients, never by a user's browser: faults are answered as JSON. */
    answersJson?: boolean;
    /** Belongs to the management API: faults are answered as problem details. */
    answersProblem?: boolean;
  }
}

/** Answers 503 if the store failed, which may be repeated, and 500 without details for any other error (I10, HT-12). */
export function sendFault(error: FastifyError, request: FastifyRequest, reply: FastifyReply, edge: Edge): FastifyReply {
  const reason = reportFault(error, splitUrl(request.raw.url!).path, depsOf(request, edge.deps));
  return refuseAsJsonOrPage(request, reply, reason, edge);
}

/** Logs the error, and returns the reason to answer with. */
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
  const isClientError = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return isClientError ? "headers_malformed" : "unexpected";
}

/**
 * For the log: the first line of the message and three stack frames, because a message of the platform may quote input.
 */
const causeOf = (error: Error): string =>
  (error.stack ?? String(error)).split("\n").slice(0, 4).join(" | ").slice(0, 500);

/**
 * A page for a browser, else JSON. Some HTTP clients accept text/html at every endpoint, so Accept alone does not tell.
 */
export function refuseAsJsonOrPage(
  request: FastifyRequest,
  reply: FastifyReply,
  reason: Reason,
  edge: Edge,
): FastifyReply {
  if (request.routeOptions.config?.answersProblem === true) return sendProblemDetails(reply, { reason }, edge.deps);
  const wantsPage =
    (request.headers.accept ?? "").includes("text/html") && request.routeOptions.config?.answersJson !== true;
  return wantsPage ? sendProblem(reply, reason, undefined, edge) : sendRefusal(reply, { reason }, edge.deps);
}
