import type { OutgoingHttpHeaders } from "node:http";
import { explainReason, type Refusal, type Result } from "@symbolon/protocol";
import type { FastifyReply } from "fastify";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";

/** A JSON answer before it is written. */
export type Answer = { status: number; headers: OutgoingHttpHeaders; body: string };

const notStored = { "cache-control": "no-store", pragma: "no-cache", "content-type": "application/json;charset=utf-8" };

/** JSON that no cache may store. @see RFC 6749 §5.1 */
export const jsonAnswer = (status: number, body: object): Answer => ({
  status,
  headers: notStored,
  body: writeJson(body),
});

export function resultAnswer(result: Result<object | null>, authorization: string | undefined, issuer: string): Answer {
  if (!result.ok) return refusalAnswer(result, authorization, issuer);
  return result.value === null ? emptyAnswer : jsonAnswer(200, result.value);
}

/** 200 without a body (RFC 7009 §2.2). The media type is for clients that require one (gusto-and-fitbit.md §5). */
const emptyAnswer: Answer = { status: 200, headers: notStored, body: "" };

export function refusalAnswer(refusal: Omit<Refusal, "ok">, authorization: string | undefined, issuer: string): Answer {
  const challenge = challengeOf(refusal, authorization);
  const wait = waitAfter(refusal);
  const headers = {
    ...notStored,
    ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    ...(wait === undefined ? {} : { "retry-after": String(wait) }),
  };
  return { ...jsonAnswer(statusOf(refusal), describeRefusal(refusal, issuer)), headers };
}

const textOfFrozen = new WeakMap<object, string>();

/** Like JSON.stringify, but caches the text of frozen objects, such as the introspection answers of a batch. */
function writeJson(value: object): string {
  if (Array.isArray(value)) return `[${value.map(writeMember).join(",")}]`;
  if (Object.isFrozen(value)) return cachedText(value);
  if (!Object.values(value).some(Array.isArray)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeMember(member)}`).join(",")}}`;
}

const writeMember = (member: unknown): string =>
  typeof member === "object" && member !== null ? writeJson(member) : JSON.stringify(member);

function cachedText(value: object): string {
  let text = textOfFrozen.get(value);
  if (text === undefined) textOfFrozen.set(value, (text = JSON.stringify(value)));
  return text;
}

const send = (reply: FastifyReply, { status, headers, body }: Answer): FastifyReply =>
  reply.code(status).headers(headers).send(body);

export const sendJson = (reply: FastifyReply, status: number, body: object): FastifyReply =>
  send(reply, jsonAnswer(status, body));

/** JSON that is the same for every client. Caches may keep it for five minutes. */
export const sendPublicJson = (reply: FastifyReply, body: object): FastifyReply =>
  reply
    .header("cache-control", "max-age=300")
    .header("content-type", "application/json;charset=utf-8")
    .send(JSON.stringify(body));

export const sendResult = (reply: FastifyReply, result: Result<object | null>, issuer: string): FastifyReply =>
  send(reply, resultAnswer(result, reply.request.headers.authorization, issuer));

export const sendRefusal = (reply: FastifyReply, refusal: Omit<Refusal, "ok">, issuer: string): FastifyReply =>
  send(reply, refusalAnswer(refusal, reply.request.headers.authorization, issuer));

/**
 * The WWW-Authenticate header, in the scheme that the client used; without an error if no bearer token was sent.
 * @see RFC 6749 §5.2, RFC 6750 §3
 */
function challengeOf({ reason }: Omit<Refusal, "ok">, authorization: string | undefined): string | undefined {
  if (reason === "bearer_missing") return 'Bearer realm="symbolon"';
  if (reason === "bearer_malformed") return 'Bearer realm="symbolon", error="invalid_request"';
  if (reason === "bearer_inactive") return 'Bearer realm="symbolon", error="invalid_token"';
  const isClientError = explainReason(reason).error === "invalid_client";
  return isClientError && authorization !== undefined ? 'Basic realm="symbolon", charset="UTF-8"' : undefined;
}
