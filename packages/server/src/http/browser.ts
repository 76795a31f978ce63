import { explainReason, isLoopbackRedirect, type parseForm, type Reason, type Result } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BrowserRequest, HiddenFields, Screen } from "../authorize/screen.ts";
import type { ServerConfig } from "../config.ts";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";
import { readBrowserCookies, setCookies } from "./cookies.ts";
import type { Edge } from "./edge.ts";
import { networkOf, readPageForm } from "./form-request.ts";

/**
 * Headers of every page (WB-04, WB-05, AP-14). `formTargets`: CSP sources, besides this server, that its forms may lead
 * to.
 */
export function pageHeaders(reply: FastifyReply, formTargets = ""): FastifyReply {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self'${formTargets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return reply
    .header("content-security-policy", policy.join("; "))
    .header("x-frame-options", "DENY")
    .header("referrer-policy", "no-referrer")
    .header("cache-control", "no-store")
    .header("cross-origin-opener-policy", "same-origin")
    .header("content-type", "text/html;charset=utf-8");
}

export function readBrowserRequest(
  request: FastifyRequest,
  parse: typeof parseForm,
  config: ServerConfig,
): Result<BrowserRequest> {
  const form = readPageForm(request, parse);
  if (!form.ok) return form;
  return {
    ok: true,
    value: {
      form: form.value,
      cookies: readBrowserCookies(request.headers.cookie, config),
      isSameOrigin: isSameOrigin(request),
      network: networkOf(request),
    },
  };
}

export function sendScreen(reply: FastifyReply, screen: Screen, edge: Edge): FastifyReply {
  const { pages, paths } = edge;
  setCookies(reply, screen.cookies ?? {}, edge.deps.config);
  switch (screen.show) {
    case "redirect":
      return redirect(reply, screen.location);
    case "next":
      return redirect(reply, `${paths.consent}?transaction=${encodeURIComponent(screen.transaction.reveal())}`);
    case "problem":
      return sendProblem(reply, screen.reason, screen.parameter, edge);
    case "sign-in":
      if (screen.view.retryAfterSeconds !== undefined)
        reply.header("retry-after", String(screen.view.retryAfterSeconds));
      return pageHeaders(reply, formTarget(screen.redirectUri))
        .code(screen.status)
        .send(
          pages.signIn({
            ...screen.view,
            assetsPath: paths.assets,
            form: { action: paths.signIn, hidden: revealed(screen.hidden) },
          }),
        );
    case "consent":
      return pageHeaders(reply, formTarget(screen.redirectUri))
        .code(screen.status)
        .send(
          pages.consent({
            ...screen.view,
            assetsPath: paths.assets,
            form: { action: paths.consent, hidden: revealed(screen.hidden) },
            switchAccount: { action: paths.signOut, hidden: revealed(screen.hidden) },
          }),
        );
  }
}

export function sendProblem(
  reply: FastifyReply,
  reason: Reason,
  parameter: string | undefined,
  { deps, pages, paths }: Pick<Edge, "deps" | "pages" | "paths">,
): FastifyReply {
  const { remedy, error, open } = explainReason(reason);
  const status = statusOf({ reason });
  const name = open ? reason : error;
  const { error_description } = describeRefusal(
    { reason, ...(parameter === undefined ? {} : { parameter }) },
    deps.config.issuer,
  );
  const message = open ? `${error_description} ${remedy}` : error_description;
  const wait = waitAfter({ reason });
  if (wait !== undefined) reply.header("retry-after", String(wait));
  const view = {
    assetsPath: paths.assets,
    status,
    title: "This request cannot continue",
    message,
    reason: { name, href: `${paths.errors}${name}` },
  };
  return pageHeaders(reply).code(status).send(pages.problem(view));
}

/** 303, never 307: a browser must not post the password to the next page. @see RFC 9700 §4.12 */
const redirect = (reply: FastifyReply, location: string): FastifyReply =>
  reply
    .code(303)
    .header("location", location)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .send();

/** The CSP source of the application: Chromium applies form-action to the redirect that answers a form, too. */
function formTarget(redirectUri: string): string {
  if (redirectUri.startsWith("http://[::1]")) return " http:";
  if (isLoopbackRedirect(redirectUri) || redirectUri.startsWith("https://"))
    return ` ${/^https?:\/\/[^/?]+/.exec(redirectUri)![0]}`;
  return ` ${redirectUri.slice(0, redirectUri.indexOf(":") + 1)}`;
}

/** Whether the browser says that the form came from this server. The CSRF value of the form is checked separately. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  return origin === undefined || origin === "null" || origin.replace(/^https?:\/\//, "") === headers.host;
}

const revealed = ({ transaction, csrf }: HiddenFields) => ({ transaction: transaction.reveal(), csrf });
