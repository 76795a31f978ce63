import type { OutgoingHttpHeaders } from "node:http";
import type { Refusal, Result } from "@symbolon/protocol";
import type { FastifyReply } from "fastify";
import type { Deps } from "../deps.ts";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";
import { logRefusal } from "./request-log.ts";

/** A JSON answer before it is written. */
export type Answer = { status: number; headers: OutgoingHttpHeaders; body: string };

const notStored = { "cache-control": "no-store", pragma: "no-cache", "content-type": "application/json;charset=utf-8" };

/** JSON that no cache may store. @see RFC 6749 §5.1 */
export const jsonAnswer = (status: number, body: object): Answer => ({
  status,
  headers: notStored,
  body: writeJson(body),
});

/**
 * A success without a value is `{}`: clients ignore the body (RFC 7009 §2.2), but some require a JSON media type
 * (gusto-and-fitbit.md §5), and some then parse the body.
 */
export function resultAnswer(result: Result<object | null>, issuer: string): Answer {
  if (!result.ok) return refusalAnswer(result, issuer);
  return jsonAnswer(200, result.value ?? {});
}

export function refusalAnswer(refusal: Omit<Refusal, "ok">, issuer: string): Answer {
  const challenge = challengeOf(refusal);
  const wait = waitAfter(refusal);
  const headers = {
    ...notStored,
    ...(refusal.reason === "content_coding_unsupported" ? { "accept-encoding": "identity" } : {}), // RFC 7694 §3
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

export const sendResult = (reply: FastifyReply, result: Result<object | null>, deps: AnswerDeps): FastifyReply =>
  result.ok ? send(reply, resultAnswer(result, deps.config.issuer)) : sendRefusal(reply, result, deps);

export function sendRefusal(reply: FastifyReply, refusal: Omit<Refusal, "ok">, deps: AnswerDeps): FastifyReply {
  logRefusal(reply.request, refusal.reason, deps);
  return send(reply, refusalAnswer(refusal, deps.config.issuer));
}

type AnswerDeps = Pick<Deps, "config" | "emit" | "random">;

/**
 * The WWW-Authenticate header, which every 401 has; without an error if no bearer token was sent.
 * @see RFC 9110 §15.5.2, RFC 6749 §5.2, RFC 6750 §3
 */
function challengeOf(refusal: Omit<Refusal, "ok">): string | undefined {
  if (refusal.reason === "bearer_missing") return 'Bearer realm="symbolon"';
  if (refusal.reason === "bearer_malformed") return 'Bearer realm="symbolon", error="invalid_request"';
  if (refusal.reason === "bearer_inactive") return 'Bearer realm="symbolon", error="invalid_token"';
  return statusOf(refusal) === 401 ? 'Basic realm="symbolon", charset="UTF-8"' : undefined;
}
