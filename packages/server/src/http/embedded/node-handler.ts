import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Answer } from "../answers.ts";
import { readTarget } from "../request-head.ts";
import { openEntrance, type Entrance } from "./entrance.ts";
import { removeCorsOfHost } from "./headers-of-host.ts";
import { ownedPaths } from "./owned-paths.ts";
import { refuseReadBody, refuseUnroutable, type EmbeddedDeps } from "./unroutable.ts";

/**
 * Answers a request that another server has received. With `next`, which Express and Connect pass, requests for paths
 * of the host application go on to it; without, they get 404.
 */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/**
 * Passes requests to the router of `app`, as they came from the wire. Headers that the host application has set stay,
 * unless the answer has one of the same name; those of CORS do not.
 */
export function nodeHandler(
  app: FastifyInstance,
  deps: EmbeddedDeps,
  entrance: Entrance = openEntrance(),
): NodeHandler {
  const { owns } = ownedPaths(deps.config);
  return (request: IncomingMessage & { originalUrl?: string }, response, next) => {
    const url = request.originalUrl ?? request.url ?? ""; // Express and Connect cut off where a handler is mounted
    const { path } = readTarget(url);
    if (next !== undefined && !owns(path)) return next();
    removeCorsOfHost(response);
    if (entrance.isClosed()) return write(response, refuseUnroutable("server_stopping", path, deps));
    if (request.readableDidRead) return write(response, refuseReadBody(path, deps));
    response.once("close", entrance.begin());
    request.url = url;
    request.headers.host ??= authorityOf(request);
    app.routing(request, response);
  };
}

/** HTTP/2 has it in the place of Host (RFC 9113 §8.3.1). */
const authorityOf = ({ headers }: IncomingMessage): string | undefined => headers[":authority"] as string | undefined;

const write = (response: ServerResponse, { status, headers, body }: Answer): void =>
  void response.writeHead(status, headers).end(body);
