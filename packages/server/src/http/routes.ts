import { parseForm, parseFormUnchecked } from "@symbolon/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { authorize } from "../authorize/authorize.ts";
import { answerConsent, showConsent } from "../authorize/consent.ts";
import type { BrowserRequest, Screen } from "../authorize/screen.ts";
import { signIn, signOut } from "../authorize/sign-in.ts";
import { pathOf } from "../config.ts";
import type { Deps } from "../deps.ts";
import { introspectBatch } from "../introspect/batch.ts";
import { introspect } from "../introspect/introspect.ts";
import { metadata } from "../metadata/metadata.ts";
import { revoke } from "../revoke/revoke.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { token } from "../token/token.ts";
import { sendJson, sendPublicJson, sendRefusal, sendResult } from "./answers.ts";
import { pageHeaders, readBrowserRequest, sendProblem, sendScreen } from "./browser.ts";
import { serveForm, type FormEndpoint } from "./form-endpoint.ts";
import { authorizationOf, splitUrl } from "./form-request.ts";
import type { Health } from "./health.ts";
import type { Pages } from "../views.ts";
import { sendReasonPage } from "./reason-pages.ts";

/** The map: who answers what. Every path not listed is 404, every other method of a listed one 405. */
const forms = {
  "/oauth/token": { answer: token, bodyLimit: 32 * 1024 },
  "/oauth/introspect": { answer: introspect, bodyLimit: 8 * 1024 },
  "/oauth/introspect/batch": { answer: introspectBatch, bodyLimit: 128 * 1024 },
  "/oauth/revoke": { answer: revoke, bodyLimit: 8 * 1024 },
} satisfies Record<string, FormEndpoint>;

const screens = {
  "GET /oauth/authorize": authorize,
  "POST /oauth/authorize": authorize,
  "POST /oauth/sign-in": signIn,
  "POST /oauth/sign-out": signOut,
  "GET /oauth/consent": showConsent,
  "POST /oauth/consent": answerConsent,
} satisfies Record<string, (request: BrowserRequest, deps: Deps) => Promise<Screen>>;

export function addRoutes(app: FastifyInstance, deps: Deps, pages: Pages, health: Health): void {
  const { config } = deps;
  const { issuer } = config;
  const base = pathOf(config);

  for (const [path, endpoint] of Object.entries<FormEndpoint>(forms)) {
    app.post(
      base + path,
      { config: { speaksJson: true }, onRequest: (request, reply) => serveForm(endpoint, request, reply, deps) },
      neverReached,
    );
  }
  for (const [route, answer] of Object.entries(screens)) {
    const [method, path] = route.split(" ") as ["GET" | "POST", string];
    app.route({
      method,
      url: base + path,
      bodyLimit: 32 * 1024,
      handler: async (request, reply) => {
        const asked = readBrowserRequest(request, answer === authorize ? parseFormUnchecked : parseForm, config);
        return asked.ok
          ? sendScreen(reply, await answer(asked.value, deps), pages, config)
          : sendProblem(reply, asked.reason, asked.parameter, pages, config);
      },
    });
  }

  app.get(`${base}/oauth/token_info`, { config: { speaksJson: true } }, async (request, reply) =>
    splitUrl(request.raw.url!).query === undefined
      ? sendResult(reply, await tokenInfo(authorizationOf(request), deps), issuer)
      : sendRefusal(reply, { reason: "query_not_allowed" }, issuer),
  );
  const described = metadata(config);
  for (const path of metadataPaths(base)) app.get(path, async (_request, reply) => sendPublicJson(reply, described));
  app.get(
    `${base}/errors/:name`,
    (request, reply) => sendReasonPage(request, reply, pages, config) ?? reply.callNotFound(),
  );
  app.get(`${base}/assets/:name`, (request, reply) => sendAsset(request, reply, pages) ?? reply.callNotFound());
  app.get(base === "" ? "/" : base, (_request, reply) =>
    pageHeaders(reply).send(
      pages.home({
        assetsPath: `${base}/assets/`,
        issuer,
        metadataHref: `/.well-known/oauth-authorization-server${base}`,
      }),
    ),
  );
  app.get("/health", async (_request, reply) => sendJson(reply, 200, { status: "ok" }));
  app.get("/ready", async (_request, reply) => {
    await deps.store.ready();
    const warnings = health.warnings();
    return sendJson(reply, 200, { status: "ready", ...(warnings.length === 0 ? {} : { warnings }) });
  });
}

const neverReached = (): never => {
  throw new Error("a form endpoint answers before the framework's handler");
};

/** Inserted between host and path, and appended for clients that think in OpenID Connect. @see RFC 8414 §3, §5 */
function metadataPaths(base: string): Set<string> {
  return new Set([
    `/.well-known/oauth-authorization-server${base}`,
    `/.well-known/openid-configuration${base}`,
    `${base}/.well-known/openid-configuration`,
  ]);
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, pages: Pages): FastifyReply | undefined {
  const { name } = request.params as { name: string };
  if (!Object.hasOwn(pages.assets, name)) return undefined;
  const { contentType, body } = pages.assets[name]!;
  return reply
    .header("content-type", contentType)
    .header("cache-control", "public, max-age=31536000, immutable")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .send(body);
}
