import { explainReason, type Refusal, type Result } from "@symbolon/protocol";
import type { FastifyReply } from "fastify";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";

/** JSON that nobody may store (RFC 6749 §5.1). */
export function sendJson(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .header("pragma", "no-cache")
    .header("content-type", "application/json;charset=utf-8")
    .send(writeJson(body));
}

const written = new WeakMap<object, string>();

/** JSON text. What is frozen says the same for ever, so its text is kept for as long as it lives. */
export function writeJson(value: object): string {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (!Object.isFrozen(value)) return JSON.stringify(value);
  let text = written.get(value);
  if (text === undefined) written.set(value, (text = JSON.stringify(value)));
  return text;
}

/** JSON that is the same for everybody, and may be kept for five minutes. */
export const sendPublicJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply.header("cache-control", "max-age=300").header("content-type", "application/json;charset=utf-8").send(JSON.stringify(body));

export function sendResult(reply: FastifyReply, result: Result<object | null>, issuer: string): FastifyReply {
  if (!result.ok) return sendRefusal(reply, result, issuer);
  return result.value === null ? sendEmpty(reply) : sendJson(reply, 200, result.value);
}

/** RFC 7009 §2.2 wants a 200; the media type keeps clients content that insist on one (gusto-and-fitbit.md §5). */
const sendEmpty = (reply: FastifyReply): FastifyReply =>
  reply.code(200).header("cache-control", "no-store").header("content-type", "application/json;charset=utf-8").send("");

export function sendRefusal(reply: FastifyReply, refusal: Omit<Refusal, "ok">, issuer: string): FastifyReply {
  const challenge = challengeOf(refusal, reply.request.headers.authorization);
  if (challenge !== undefined) reply.header("www-authenticate", challenge);
  const wait = waitAfter(refusal);
  if (wait !== undefined) reply.header("retry-after", String(wait));
  return sendJson(reply, statusOf(refusal), describeRefusal(refusal, issuer));
}

/** A challenge in the scheme that was tried; a bearer that never came hears no error. @see RFC 6749 §5.2, RFC 6750 §3 */
function challengeOf({ reason }: Omit<Refusal, "ok">, authorization: string | undefined): string | undefined {
  if (reason === "bearer_missing") return 'Bearer realm="symbolon"';
  if (reason === "bearer_malformed") return 'Bearer realm="symbolon", error="invalid_request"';
  if (reason === "bearer_inactive") return 'Bearer realm="symbolon", error="invalid_token"';
  const isClientError = explainReason(reason).error === "invalid_client";
  return isClientError && authorization !== undefined ? 'Basic realm="symbolon", charset="UTF-8"' : undefined;
}
