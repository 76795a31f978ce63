import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Deps } from "../deps.ts";
import type { Pages } from "../views.ts";
import { sendRefusal } from "./answers.ts";
import { type Connections, trackConnections } from "./connections.ts";
import { corsHeaders, isPreflight } from "./cors.ts";
import { keepCookiesOfHost, keepTransportSecurityOfHost } from "./embedded/headers-of-host.ts";
import { headersOfEveryAnswer } from "./every-answer.ts";
import { refuseAsJsonOrPage, sendFault } from "./faults.ts";
import { formType, splitUrl } from "./form-request.ts";
import { type Health, unmeasuredHealth } from "./health.ts";
import { allowedHosts } from "./hosts.ts";
import { makeHttpServer } from "./http-server.ts";
import { addRoutes, anyHostPaths, corsPathsOf, makeEdge } from "./register.ts";
import { addManagementRoutes } from "./register-management.ts";
import { faultOfHead } from "./request-head.ts";
import { requestIdOf } from "./request-log.ts";
import { routes } from "./routes.ts";
import { reportUntrustedProxy } from "./untrusted-proxy.ts";

/** The authorization server as a Fastify instance, not listening yet. Only the files of http/ know the framework. */
export function buildServer(
  deps: Deps,
  pages: Pages,
  health: Health = unmeasuredHealth,
  connections: Connections = trackConnections(deps.config.trustedProxies ?? []),
): FastifyInstance {
  const everyAnswer = headersOfEveryAnswer(deps.config);
  const app = Fastify({
    logger: false,
    trustProxy: deps.config.trustedProxies?.length ? [...deps.config.trustedProxies] : false, // for networkOf alone
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    return503OnClosing: false, // it has a format of its own
    bodyLimit: 32 * 1024,
    routerOptions: {
      caseSensitive: true,
      maxParamLength: 16_384, // the id of a sign-in; operations check what they look up
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      querystringParser: () => ({}),
    },
    genReqId: () => "", // made when it is needed: request-log.ts
    clientErrorHandler: () => {}, // http-server.ts answers
    serverFactory: (handler) => makeHttpServer(handler, connections, deps, corsPathsOf(deps.config)),
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers(everyAnswer).header("request-id", requestIdOf(request, deps.random));
      sendRefusal(reply, { reason: "headers_malformed" }, deps);
    },
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, (body as Buffer).toString("latin1")),
  );

  const edge = makeEdge(deps, pages, health, connections.isDraining);
  const assetPaths = Object.keys(pages.assets).map((name) => edge.paths.assets + name); // of the page of host_unknown
  const reachable = { hosts: allowedHosts(deps.config), anyHostPaths: new Set([...anyHostPaths, ...assetPaths]) };
  app.addHook("onRequest", reportUntrustedProxy(deps));
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(everyAnswer);
    keepTransportSecurityOfHost(reply);
    if (request.routeOptions.config?.cors === true) reply.headers(corsHeaders);
    // A preflight is cheap, and the page could not read its 503, but reads the one of the request that follows.
    const isServed = splitUrl(request.raw.url!).path === routes.health.path || isPreflight(request);
    const fault = health.isOverloaded() && !isServed ? "server_overloaded" : faultOfHead(request.raw, reachable);
    if (fault === undefined) done();
    else refuseAsJsonOrPage(request, reply, fault, edge);
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    keepCookiesOfHost(reply);
    if (reply.statusCode >= 300) reply.header("request-id", requestIdOf(request, deps.random));
    done(null, payload);
  });
  app.setErrorHandler((error, request, reply) => sendFault(error as FastifyError, request, reply, edge));
  app.setNotFoundHandler((request, reply) => refuseAsJsonOrPage(request, reply, "page_unknown", edge));
  if (deps.config.management !== "only") addRoutes(app, edge);
  if (deps.config.management !== "off") addManagementRoutes(app, edge);
  return app;
}
