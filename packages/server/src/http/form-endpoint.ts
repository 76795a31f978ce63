import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { refuse, type Reason, type Result } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import { refusalAnswer, resultAnswer, type Answer } from "./answers.ts";
import { reportFault } from "./faults.ts";
import { formType, readFormRequest } from "./form-request.ts";
import { depsOf, logRefusal, requestIdOf } from "./request-log.ts";
import type { FormRoute } from "./route.ts";

/**
 * Answers a posted form with JSON. Almost all requests are of this kind, so they leave the framework once it has found
 * the route and checked the headers; reading and writing by hand is faster
 * (docs/decisions/0016-forms-are-read-and-answered-by-hand.md).
 */
export function serveForm(
  { POST: answer, bodyLimit }: Pick<FormRoute, "POST" | "bodyLimit">,
  request: FastifyRequest,
  reply: FastifyReply,
  shared: Deps,
): void {
  const deps = depsOf(request, shared);
  const { issuer } = deps.config;
  const answerOf = (result: Result<object | null>): Answer => {
    if (result.ok) return resultAnswer(result, issuer);
    logRefusal(request, result.reason, deps);
    const answer = refusalAnswer(result, issuer);
    return { ...answer, headers: { ...answer.headers, "request-id": requestIdOf(request, deps.random) } };
  };
  readBody(request.raw, bodyLimit, (body, fault) => {
    if (fault !== undefined) return write(reply.header("connection", "close"), answerOf(refuse(fault)));
    const form = readFormRequest(request, body);
    if (!form.ok) return write(reply, answerOf(form));
    answer(form.value, deps).then(
      (result) => write(reply, answerOf(result)),
      (error: unknown) => write(reply, answerOf(refuse(reportFault(error as Error, form.value.endpoint, deps)))),
    );
  });
}

/** Reads the body as latin1. Refuses one that is too large or not a form, before reading it if the headers say so. */
function readBody(request: IncomingMessage, limit: number, done: (body: string, fault?: Reason) => void): void {
  const { "content-type": type, "content-length": length, "transfer-encoding": encoding } = request.headers;
  const isEmpty = encoding === undefined && (length === undefined || length === "0");
  if (type === undefined ? !isEmpty : !formType.test(type)) return done("", "content_type_unsupported");
  if (Number(length) > limit) return done("", "body_too_large");
  let body = "";
  request.on("data", (chunk: Buffer) => {
    if (body.length + chunk.length > limit) {
      request.removeAllListeners("data").removeAllListeners("end");
      return done("", "body_too_large");
    }
    body += chunk.toString("latin1");
  });
  request.on("end", () => done(body));
}

/** Writes the answer, with the headers that hooks have set, such as `connection: close` during shutdown. */
export function write(reply: FastifyReply, { status, headers, body }: Answer): void {
  reply.hijack();
  const length = Buffer.byteLength(body);
  // ASCII is the same in both, and latin1 is faster to write.
  const encoding = length === body.length ? "latin1" : "utf8";
  reply.raw
    .writeHead(status, { ...headers, ...(reply.getHeaders() as OutgoingHttpHeaders), "content-length": length })
    .end(body, encoding);
}
