import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { pathOf } from "../config.ts";
import { sendPublicJson } from "./answers.ts";
import type { Edge } from "./edge.ts";
import { managementDocument } from "./management-document.ts";
import { serveOperation } from "./management-endpoint.ts";
import { sendProblemDetails } from "./problem-answer.ts";
import { managementMethods, managementRest, managementRoutes, openApiPath } from "./management-routes.ts";

const everyMethod: HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

const config = { answersJson: true, answersProblem: true };

/** Registers the management API: its operations, 405 for other methods, 404 for other paths, and its document. */
export function addManagementRoutes(app: FastifyInstance, edge: Edge): void {
  const { deps } = edge;
  const base = pathOf(deps.config);
  for (const route of managementRoutes) {
    const url = base + route.path;
    const allowed = managementMethods.filter((method) => route[method] !== undefined);
    for (const method of allowed) {
      const operation = route[method]!;
      const onRequest = (request: FastifyRequest, reply: FastifyReply): void =>
        serveOperation(operation, request, reply, deps);
      app.route({ method: method === "GET" ? ["GET", "HEAD"] : method, url, config, onRequest, handler: neverReached });
    }
    const served: HTTPMethods[] = allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : method));
    refuseMethods(app, url, served, edge);
  }
  const document = managementDocument(deps.config);
  app.route({
    method: ["GET", "HEAD"],
    url: base + openApiPath,
    config,
    handler: (_request, reply) => sendPublicJson(reply, document),
  });
  refuseMethods(app, base + openApiPath, ["GET", "HEAD"], edge);
  app.route({
    method: everyMethod,
    url: base + managementRest,
    config,
    handler: (_request, reply) => sendProblemDetails(reply, { reason: "page_unknown" }, deps),
  });
}

/** 405 with Allow (HT-08). */
function refuseMethods(app: FastifyInstance, url: string, served: readonly HTTPMethods[], { deps }: Edge): void {
  const handler = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblemDetails(reply.header("allow", served.join(", ")), { reason: "method_not_allowed" }, deps);
  app.route({ method: everyMethod.filter((method) => !served.includes(method)), url, config, handler });
}

const neverReached = (): never => {
  throw new Error("an operation answers before the framework's handler");
};
