import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { pathOf, type ServerConfig } from "../config.ts";
import type { Deps } from "../deps.ts";
import { metadata, type MetadataKey } from "../metadata/metadata.ts";
import type { Pages } from "../views.ts";
import { sendRefusal, sendResult } from "./answers.ts";
import { readBrowserRequest, sendProblem, sendScreen } from "./browser.ts";
import { sendPreflight } from "./cors.ts";
import type { Edge } from "./edge.ts";
import { refuseAsJsonOrPage } from "./faults.ts";
import { serveForm } from "./form-endpoint.ts";
import { authorizationOf, networkOf, splitUrl } from "./form-request.ts";
import type { Health } from "./health.ts";
import { depsOf } from "./request-log.ts";
import type { BearerRoute, BrowserRoute, DocumentRoute, FormRoute, Route, ScreenHandler } from "./route.ts";
import { routes } from "./routes.ts";

export const rows: readonly Route[] = Object.values(routes);

/** Paths that accept any Host header. */
export const anyHostPaths: ReadonlySet<string> = new Set(rows.filter((route) => route.anyHost).map(({ path }) => path));

/** The paths of the rows with `cors`: for refusals of requests that never reach their route. */
export const corsPathsOf = (config: ServerConfig): ReadonlySet<string> =>
  new Set(rows.filter(({ cors }) => cors).flatMap((route) => urlsOf(route, pathOf(config))));

/** Registers every row of the table, and 405 for the other methods of its paths. */
export function addRoutes(app: FastifyInstance, edge: Edge): void {
  const base = pathOf(edge.deps.config);
  for (const route of rows) {
    for (const url of urlsOf(route, base)) {
      addRoute(app, url, route, edge);
      if (route.cors) addPreflight(app, url, route);
    }
    if (route.otherMethods === 405) refuseOtherMethods(app, withBase(route.path, base), route, edge);
  }
}

export function makeEdge(deps: Deps, pages: Pages, health: Health, isDraining = (): boolean => false): Edge {
  const base = pathOf(deps.config);
  const paths = {
    signIn: withBase(routes.signIn.path, base),
    signInReturn: withBase(routes.signInReturn.path, base),
    signOut: withBase(routes.signOut.path, base),
    consent: withBase(routes.consent.path, base),
    metadata: withBase(routes.metadata.path, base),
    errors: withBase(routes.reason.path, base).replace(":name", ""),
    assets: withBase(routes.asset.path, base).replace(":name", ""),
  };
  return {
    deps,
    pages,
    health,
    isDraining,
    paths,
    metadata: metadata(deps.config, metadataEndpoints(deps.config.issuer), pages.languages),
  };
}

export const withBase = (path: string, base: string): string => path.replace("{base}", base) || "/";

/** The path of the row and its aliases, each once: without a base, an alias may equal the path. */
const urlsOf = (route: Route, base: string): string[] => {
  const aliases = route.reads === "path" ? (route.aliases ?? []) : [];
  return [...new Set([route.path, ...aliases].map((path) => withBase(path, base)))];
};

const configOf = ({ answers, cors }: Route): FastifyContextConfig => ({ answersJson: answers === "json", cors });

const metadataEndpoints = (issuer: string): Record<MetadataKey, string> =>
  Object.fromEntries(
    rows.flatMap(({ path, metadataKey }) =>
      metadataKey === undefined ? [] : [[metadataKey, path.replace("{base}", issuer)]],
    ),
  ) as Record<MetadataKey, string>;

function addRoute(app: FastifyInstance, url: string, route: Route, edge: Edge): void {
  switch (route.reads) {
    case "form":
      return addForm(app, url, route, edge);
    case "bearer":
      return addBearer(app, url, route, edge);
    case "browser":
      return addScreens(app, url, route, edge);
    case "path":
      return addDocument(app, url, route, edge);
  }
}

function addForm(app: FastifyInstance, url: string, route: FormRoute, { deps }: Edge): void {
  const onRequest = (request: FastifyRequest, reply: FastifyReply): void => serveForm(route, request, reply, deps);
  app.post(url, { config: configOf(route), onRequest }, neverReached);
}

const neverReached = (): never => {
  throw new Error("a form endpoint answers before the framework's handler");
};

function addBearer(app: FastifyInstance, url: string, route: BearerRoute, { deps }: Edge): void {
  app.route({
    method: ["GET", "HEAD"],
    url,
    config: configOf(route),
    handler: async (request, reply) =>
      splitUrl(request.raw.url!).query === undefined
        ? sendResult(reply, await route.GET(authorizationOf(request), depsOf(request, deps)), deps)
        : sendRefusal(reply, { reason: "bearer_endpoint_takes_no_parameters" }, deps),
  });
}

function addScreens(app: FastifyInstance, url: string, route: BrowserRoute, edge: Edge): void {
  const { GET, POST, parse, bodyLimit } = route;
  const signInReturn = new URL(edge.paths.signInReturn, edge.deps.config.issuer).href;
  const add = (method: "GET" | "HEAD" | "POST", answer: ScreenHandler | undefined): void => {
    if (answer === undefined) return;
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const wait = edge.deps.limiter.take("page_requests", networkOf(request));
      if (wait > 0) return sendProblem(reply.header("retry-after", String(wait)), "network_too_fast", undefined, edge);
      const asked = readBrowserRequest(request, parse, { config: edge.deps.config, signInReturn });
      return asked.ok
        ? sendScreen(reply, await answer(asked.value, depsOf(request, edge.deps)), edge)
        : sendProblem(reply, asked.reason, asked.parameter, edge);
    };
    app.route({ method, url, bodyLimit, config: configOf(route), handler });
  };
  add("GET", GET);
  add("HEAD", GET);
  add("POST", POST);
}

const addDocument = (app: FastifyInstance, url: string, route: DocumentRoute, edge: Edge): void => {
  const handler = (request: FastifyRequest, reply: FastifyReply) =>
    route.GET(request, reply, edge) ?? reply.callNotFound();
  app.route({ method: ["GET", "HEAD"], url, config: configOf(route), handler });
};

const addPreflight = (app: FastifyInstance, url: string, route: Route): void =>
  void app.options(url, { config: configOf(route) }, (_request, reply) => sendPreflight(reply, methodsOf(route)));

const methods: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

const methodsOf = (route: Route): HTTPMethods[] =>
  methods.filter(
    (method) => method in route || (method === "HEAD" && "GET" in route) || (method === "OPTIONS" && route.cors),
  );

/** 405 with Allow (HT-08, IN-10). */
function refuseOtherMethods(app: FastifyInstance, url: string, route: Route, edge: Edge): void {
  const allowed = methodsOf(route);
  app.route({
    method: methods.filter((method) => !allowed.includes(method)),
    url,
    config: configOf(route),
    handler: (request, reply) =>
      refuseAsJsonOrPage(request, reply.header("allow", allowed.join(", ")), "method_not_allowed", edge),
  });
}
