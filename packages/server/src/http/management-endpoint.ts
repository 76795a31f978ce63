import type { Refusal } from "@symbolon/protocol";
import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import { authenticateManagementCaller } from "../management/caller.ts";
import { refusal, type Operation, type Outcome, type OutcomeRefusal } from "../management/operation.ts";
import { entityTag, readBody, readIfMatch, readQuery } from "../management/parts.ts";
import { jsonAnswer } from "./answers.ts";
import { reportFault } from "./faults.ts";
import { write } from "./form-endpoint.ts";
import { authorizationOf, networkOf, splitUrl } from "./form-request.ts";
import { managementBodyLimit } from "./management-routes.ts";
import { problemAnswer } from "./problem-answer.ts";
import { depsOf } from "./request-log.ts";

/** Answers one request to the management API, by hand as form-endpoint.ts does. */
export function serveOperation(operation: Operation, request: FastifyRequest, reply: FastifyReply, shared: Deps): void {
  const deps = depsOf(request, shared);
  answerOperation(operation, request, deps).then(
    (outcome) => writeOutcome(operation, outcome, request, reply, deps),
    (error: unknown) => {
      const reason = reportFault(error as Error, endpointOf(request), deps);
      writeOutcome(operation, refusal(reason), request, reply, deps);
    },
  );
}

async function answerOperation(operation: Operation, request: FastifyRequest, deps: Deps): Promise<Outcome | Refusal> {
  const sender = {
    authorization: authorizationOf(request),
    network: networkOf(request),
    endpoint: endpointOf(request),
  };
  const caller = await authenticateManagementCaller(sender, operation.scope, deps);
  if (!caller.ok) return caller;
  const query = readQuery(splitUrl(request.raw.url!).query, operation.query);
  if (!query.ok) return query;
  const mayChange = matchOf(operation, request);
  if ("ok" in mayChange) return mayChange;
  const body = await bodyOf(operation, request);
  if (!body.ok) return body;
  const { id = "" } = request.params as { id?: string };
  return await operation.run({ id, query: query.value, body: body.value, mayChange, caller: caller.value }, deps);
}

/** The pattern of the route, for events: a path may hold anything. */
const endpointOf = (request: FastifyRequest): string => request.routeOptions.url!;

/** @see RFC 9110 §13.1.1, RFC 6585 §3 */
function matchOf(
  { needsMatch }: Operation,
  { headers }: FastifyRequest,
): ((version: number) => boolean) | OutcomeRefusal {
  const sent = headers["if-match"];
  if (sent === undefined) return needsMatch ? refusal("match_required") : () => true;
  const expected = 'must be * or entity tags such as "3"';
  return readIfMatch(sent) ?? refusal("header_invalid", [{ header: "If-Match", expected }]);
}

async function bodyOf({ body: schema }: Operation, request: FastifyRequest): Promise<ReturnType<typeof readBody>> {
  if (schema === undefined) return { ok: true, value: undefined };
  if (!jsonType.test(request.headers["content-type"] ?? "")) return refusal("json_type_required");
  const body = await readBytes(request.raw, managementBodyLimit);
  return body === undefined ? refusal("body_too_large") : readBody(body, schema);
}

/** The body as latin1, one character for each byte; `undefined` if it is longer than the limit. */
async function readBytes(request: IncomingMessage, limit: number): Promise<string | undefined> {
  if (Number(request.headers["content-length"]) > limit) return undefined;
  return await new Promise((resolve, reject) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("latin1");
      if (body.length <= limit) return;
      request.removeAllListeners("data").removeAllListeners("end");
      resolve(undefined);
    });
    request.on("end", () => resolve(body));
    request.on("error", reject);
  });
}

/** A charset is accepted where it is UTF-8, as JSON always is. @see RFC 8259 §11 */
const jsonType = /^application\/json[ \t]*(?:;[ \t]*(?:charset="?utf-8"?[ \t]*)?)*$/i;

function writeOutcome(
  operation: Operation,
  outcome: Outcome | Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: Deps,
): void {
  if (!outcome.ok && outcome.reason === "body_too_large") reply.header("connection", "close");
  if (!outcome.ok) return write(reply, problemAnswer(outcome, operation.scope, request, deps));
  const { version, createdId } = outcome;
  const answer = jsonAnswer(operation.status, outcome.answer);
  const headers = {
    ...answer.headers,
    ...(version === undefined ? {} : { etag: entityTag(version) }),
    ...(createdId === undefined ? {} : { location: `${splitUrl(request.raw.url!).path}/${createdId}` }),
  };
  write(reply, { ...answer, headers });
}
