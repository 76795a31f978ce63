import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type HTTPMethods } from "fastify";
import { pathOf } from "../config.ts";
import type { Deps } from "../deps.ts";
import { sendRefusal } from "./answers.ts";
import { refuseAsJsonOrPage, sendFault } from "./faults.ts";
import { formType } from "./form-request.ts";
import { allowedHosts } from "./hosts.ts";
import type { Pages } from "../views.ts";
import { type Health, unmeasuredHealth } from "./health.ts";
import { faultOfHead } from "./request-head.ts";
import { addRoutes } from "./routes.ts";

/**
 * The authorization server as a Fastify instance that does not listen yet. The operations behind the routes know
 * nothing of HTTP; this file and its neighbours are the edge.
 */
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
    frameworkErrors: (_error, _request, reply) => {
      sendRefusal(reply as unknown as FastifyReply, { reason: "headers_malformed" }, deps.config.issuer);
    },
  });

  app.server.maxConnections = maximumConnections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, (body as Buffer).toString("latin1")),
  );

  const hosts = allowedHosts(deps.config);
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-content-type-options", "nosniff");
    const fault =
      health.isOverloaded() && request.raw.url !== "/health" ? "server_overloaded" : faultOfHead(request.raw, hosts);
    if (fault === undefined) done();
    else refuseAsJsonOrPage(request, reply, fault, deps, pages);
  });
  app.setErrorHandler((error, request, reply) => sendFault(error as FastifyError, request, reply, deps, pages));
  app.setNotFoundHandler((request, reply) => refuseAsJsonOrPage(request, reply, "page_unknown", deps, pages));
  addRoutes(app, deps, pages, health);
  refuseOtherMethods(app, deps);
  return app;
}

/** Idle ones cost some 10 KiB each, so that a flood of sockets ends before the memory does (HT-01). */
const maximumConnections = 16_384;

const methods: HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/** 405 with Allow where the path exists (HT-08, IN-10). */
function refuseOtherMethods(app: FastifyInstance, deps: Deps): void {
  const base = pathOf(deps.config);
  const known = [
    "token",
    "introspect",
    "introspect/batch",
    "revoke",
    "token_info",
    "authorize",
    "sign-in",
    "sign-out",
    "consent",
  ].map((path) => `${base}/oauth/${path}`);
  for (const url of [...known, "/health", "/ready", `/.well-known/oauth-authorization-server${base}`]) {
    const allowed = methods.filter((method) => app.hasRoute({ method, url }));
    const others = methods.filter((method) => !allowed.includes(method));
    app.route({
      method: others,
      url,
      handler: (_request, reply) =>
        sendRefusal(reply.header("allow", allowed.join(", ")), { reason: "method_not_allowed" }, deps.config.issuer),
    });
  }
}
