import { encodeBase64Url, type Reason } from "@symbolon/protocol";
import type { FastifyRequest } from "fastify";
import type { Deps, Random } from "../deps.ts";

/** 96 random bits as 16 characters. */
export const newRequestId = (random: Random): string => encodeBase64Url(random(12));

/**
 * The id of a request, in the Request-Id header of each refusal and in each line of the log that the request causes.
 * Made when it is first needed: most requests need none. Never a text of the client, which could imitate another id.
 */
export const requestIdOf = (request: FastifyRequest, random: Random): string =>
  (request.id ||= newRequestId(random)) as string;

const isLogged = new WeakSet<FastifyRequest>();

/** The same dependencies; their events carry the id of this request. */
export const depsOf = (request: FastifyRequest, deps: Deps): Deps => ({
  ...deps,
  emit(event) {
    if ("reason" in event || "cause" in event) isLogged.add(request);
    deps.emit(event, requestIdOf(request, deps.random));
  },
});

/** Logs a refusal, unless an event of the operation has told it. */
export function logRefusal(request: FastifyRequest, reason: Reason, deps: Pick<Deps, "emit" | "random">): void {
  if (isLogged.has(request)) return;
  isLogged.add(request);
  const endpoint = request.routeOptions.url ?? "none";
  deps.emit({ name: "request.refused", reason, endpoint }, requestIdOf(request, deps.random));
}
