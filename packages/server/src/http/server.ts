import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import type { Deps } from "../deps.ts";
import type { Pages } from "../views.ts";
import { sendRefusal } from "./answers.ts";
import { refuseAsJsonOrPage, sendFault } from "./faults.ts";
import { formType } from "./form-request.ts";
import { type Health, unmeasuredHealth } from "./health.ts";
import { allowedHosts } from "./hosts.ts";
import { addRoutes, anyHostPaths, makeEdge } from "./register.ts";
import { faultOfHead } from "./request-head.ts";
import { routes } from "./routes.ts";
import { reportUntrustedProxy } from "./untrusted-proxy.ts";

/** The authorization server as a Fastify instance, not listening yet. Only the files of http/ know the framework. */
export function buildServer(deps: Deps, pages: Pages, health: Health = unmeasuredHealth): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: deps.config.trustedProxies?.length ? [...deps.config.trustedProxies] : false, // for networkOf alone
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    return503OnClosing: true,
    bodyLimit: 32 * 1024,
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 0,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      querystringParser: () => ({}),
    },
    frameworkErrors: (_error: FastifyError, _request: unknown, reply: FastifyReply) => {
      sendRefusal(reply, { reason: "headers_malformed" }, deps.config.issuer);
    },
  });

  app.server.maxConnections = maximumConnections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, (body as Buffer).toString("latin1")),
  );

  const edge = makeEdge(deps, pages, health);
  const reachable = { hosts: allowedHosts(deps.config), anyHostPaths };
  app.addHook("onRequest", reportUntrustedProxy(deps));
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-content-type-options", "nosniff");
    const fault =
      health.isOverloaded() && request.raw.url !== routes.health.path
        ? "server_overloaded"
        : faultOfHead(request.raw, reachable);
    if (fault === undefined) done();
    else refuseAsJsonOrPage(request, reply, fault, edge);
  });
  app.setErrorHandler((error, request, reply) => sendFault(error as FastifyError, request, reply, edge));
  app.setNotFoundHandler((request, reply) => refuseAsJsonOrPage(request, reply, "page_unknown", edge));
  addRoutes(app, edge);
  return app;
}

/** An idle connection takes about 10 KiB, so this many cannot exhaust the memory (HT-01). */
const maximumConnections = 16_384;
