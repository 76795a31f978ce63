import { explainReason, type parseForm, type Reason, type Result } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BrowserRequest, ConsentData, HiddenFields, Screen } from "../authorize/screen.ts";
import type { ServerConfig } from "../config.ts";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";
import { localText } from "../language/local-text.ts";
import type { PageView } from "../views.ts";
import { readBrowserCookies, setCookies } from "./cookies.ts";
import type { Edge } from "./edge.ts";
import { networkOf, readPageForm } from "./form-request.ts";
import { withoutDefaultPort } from "./hosts.ts";
import { flowHeaders, pageHeaders } from "./page-headers.ts";
import { startPage } from "./page-language.ts";
import { sendRedirect } from "./redirects.ts";
import { logRefusal, requestIdOf } from "./request-log.ts";
import { situationOf } from "./situations.ts";

export function readBrowserRequest(
  request: FastifyRequest,
  parse: typeof parseForm,
  { config, signInReturn }: { config: ServerConfig; signInReturn: string },
): Result<BrowserRequest> {
  const form = readPageForm(request, parse);
  if (!form.ok) return form;
  return {
    ok: true,
    value: {
      form: form.value,
      cookies: readBrowserCookies(isHead(request) ? undefined : request.headers.cookie, config),
      isSameOrigin: isSameOrigin(request),
      network: networkOf(request),
      signInReturn,
    },
  };
}

/**
 * HEAD is answered as GET for a browser without cookies, and sets none: no session is used, so nothing is granted where
 * `prompt=none` or a remembered consent would redirect with a code.
 * @see RFC 9110 §9.2.1, §9.3.2
 */
const isHead = ({ method }: FastifyRequest): boolean => method === "HEAD";

export function sendScreen(reply: FastifyReply, screen: Screen, edge: Edge): FastifyReply {
  const { pages, paths } = edge;
  if (!isHead(reply.request)) setCookies(reply, screen.cookies ?? {}, edge.deps.config);
  switch (screen.show) {
    case "redirect":
      return sendRedirect(reply, screen.location, edge);
    case "next":
      return sendRedirect(
        reply,
        `${paths.consent}?transaction=${encodeURIComponent(screen.transaction.reveal())}`,
        edge,
      );
    case "problem":
      return sendProblem(reply, screen.reason, screen.parameter, edge);
    case "sign-in":
      if (screen.view.retryAfterSeconds !== undefined)
        reply.header("retry-after", String(screen.view.retryAfterSeconds));
      return flowHeaders(reply, `; script-src ${pages.signInScripts.join(" ")}`)
        .code(screen.status)
        .send(
          pages.signIn({
            ...screen.view,
            ...startPage(reply, edge, screen.hidden.transaction),
            form: { action: paths.signIn, hidden: revealed(screen.hidden) },
            cancel: { action: paths.signIn, hidden: { ...revealed(screen.hidden), decision: "deny" } },
          }),
        );
    case "sign-in-ways":
      return flowHeaders(reply)
        .code(screen.status)
        .send(
          pages.signInWays({
            ...screen.view,
            ...startPage(reply, edge, screen.hidden.transaction),
            form: { action: paths.signIn, hidden: revealed(screen.hidden) },
            cancel: { action: paths.signIn, hidden: { ...revealed(screen.hidden), decision: "deny" } },
          }),
        );
    case "consent":
      return flowHeaders(reply)
        .code(screen.status)
        .send(
          pages.consent({
            ...consentIn(screen.view, startPage(reply, edge, screen.hidden.transaction), edge.deps.config),
            form: { action: paths.consent, hidden: revealed(screen.hidden) },
            switchAccount: { action: paths.signOut, hidden: revealed(screen.hidden) },
            signOutHref: paths.signOut,
          }),
        );
    case "sign-out":
      return pageHeaders(reply).send(
        pages.signOut({
          ...startPage(reply, edge),
          ...(screen.email === undefined ? {} : { email: screen.email }),
          form: { action: paths.signOut, hidden: { csrf: screen.csrf } },
        }),
      );
    case "signed-out":
      return sendRedirect(reply, paths.signOut, edge);
  }
}

export function sendProblem(
  reply: FastifyReply,
  reason: Reason,
  parameter: string | undefined,
  edge: Pick<Edge, "deps" | "pages" | "paths">,
): FastifyReply {
  const { deps, pages, paths } = edge;
  logRefusal(reply.request, reason, deps);
  const { remedy, error, open } = explainReason(reason);
  const status = statusOf({ reason });
  const name = open ? reason : error;
  const { error_description, error_uri } = describeRefusal(
    { reason, ...(parameter === undefined ? {} : { parameter }) },
    deps.config.issuer,
  );
  const wait = waitAfter({ reason });
  if (wait !== undefined && !reply.hasHeader("retry-after")) reply.header("retry-after", String(wait));
  if (reason === "content_coding_unsupported") reply.header("accept-encoding", "identity");
  const view = {
    ...startPage(reply, edge),
    situation: situationOf(reason),
    status,
    reason: {
      name,
      href: reason === "host_unknown" ? error_uri : `${paths.errors}${name}`, // no path works under that host
      message: error_description,
      remedy: open ? remedy : "",
    },
    requestId: requestIdOf(reply.request, deps.random),
  };
  return flowHeaders(reply, "; form-action 'none'").code(status).send(pages.problem(view));
}

/** Whether the browser says that the form came from this server. The CSRF value of the form is checked separately. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  if (origin === undefined || origin === "null") return true;
  return origin.replace(/^https?:\/\//, "") === withoutDefaultPort(headers.host ?? "", origin); // browsers name no default port
}

/** A consent page with the provider's own texts in the language of the page. */
const consentIn = (data: ConsentData, page: PageView, { resourceTypes = {} }: ServerConfig) => ({
  ...data,
  ...page,
  scopes: data.scopes.map(({ title, detail, ...scope }) => ({
    ...scope,
    title: localText(title, page.language),
    ...(detail === undefined ? {} : { detail: localText(detail, page.language) }),
  })),
  resources: data.resources.map((resource) =>
    Object.hasOwn(resourceTypes, resource.type)
      ? { ...resource, kind: localText(resourceTypes[resource.type]!, page.language) }
      : resource,
  ),
});

const revealed = ({ transaction, csrf }: HiddenFields) => ({ transaction: transaction.reveal(), csrf });
