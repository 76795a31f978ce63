import type { Refusal } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import { waitAfter } from "../errors.ts";
import type { OutcomeRefusal } from "../management/operation.ts";
import { challengeOf, problemDetails, problemType } from "../management/problem.ts";
import { jsonAnswer, type Answer } from "./answers.ts";
import { logRefusal, requestIdOf } from "./request-log.ts";

type ProblemDeps = Pick<Deps, "config" | "emit" | "random">;

/** A refusal as problem details, which is logged unless an event has told it. */
export function problemAnswer(
  refused: Refusal | OutcomeRefusal,
  scope: string,
  request: FastifyRequest,
  deps: ProblemDeps,
): Answer {
  logRefusal(request, refused.reason, deps);
  const challenge = challengeOf(refused.reason, scope);
  const wait = waitAfter(refused);
  const details = problemDetails(refused, deps.config.issuer);
  const { status, headers, body } = jsonAnswer(details.status, details);
  return {
    status,
    headers: {
      ...headers,
      "content-type": `${problemType};charset=utf-8`,
      ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
      ...(wait === undefined ? {} : { "retry-after": String(wait) }),
      ...(refused.reason === "content_coding_unsupported" ? { "accept-encoding": "identity" } : {}),
      "request-id": requestIdOf(request, deps.random),
    },
    body,
  };
}

/** For the handlers and hooks of the framework. */
export function sendProblemDetails(reply: FastifyReply, refused: Omit<Refusal, "ok">, deps: ProblemDeps): FastifyReply {
  const { status, headers, body } = problemAnswer({ ok: false, ...refused }, "", reply.request, deps);
  return reply.code(status).headers(headers).send(body);
}
