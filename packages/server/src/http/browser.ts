import {
  explainReason,
  isLoopbackRedirect,
  readCookies,
  Sealed,
  type parseForm,
  type Reason,
  type Result,
} from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BrowserRequest, CookieChanges, HiddenFields, Screen } from "../authorize/screen.ts";
import type { ServerConfig } from "../config.ts";
import { describeRefusal, statusOf, waitAfter } from "../errors.ts";
import { networkOf, readPageForm } from "./form-request.ts";
import type { Edge } from "./edge.ts";

/** Headers of every page (WB-04, WB-05, AP-14). `sendsTo`: where its forms may end up besides ourselves. */
export function pageHeaders(reply: FastifyReply, sendsTo = ""): FastifyReply {
  const policy = `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'${sendsTo}; frame-ancestors 'none'; base-uri 'none'`;
  return reply
    .header("content-security-policy", policy)
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
  const names = cookieNames(config);
  const cookies = readCookies(request.headers.cookie);
  return {
    ok: true,
    value: {
      form: form.value,
      cookies: { session: sealed(cookies.get(names.session)), browser: sealed(cookies.get(names.browser)) },
      isSameOrigin: isSameOrigin(request),
      network: networkOf(request),
    },
  };
}

const sealed = <Kind extends string>(value: string | undefined): Sealed<Kind> | undefined =>
  value === undefined ? undefined : new Sealed(value);

const revealed = ({ transaction, csrf }: HiddenFields) => ({ transaction: transaction.reveal(), csrf });

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
    title: "This cannot go on",
    message,
    reason: { name, href: `${paths.errors}${name}` },
  };
  return pageHeaders(reply).code(status).send(pages.problem(view));
}

/** 303, never 307: the form with the password must not be sent on (RFC 9700 §4.12). */
const redirect = (reply: FastifyReply, location: string): FastifyReply =>
  reply
    .code(303)
    .header("location", location)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .send("");

/**
 * Chromium applies form-action to the redirect that answers a form, so the application's address is listed for that
 * page.
 */
function formTarget(redirectUri: string): string {
  if (redirectUri.startsWith("http://[::1]")) return " http:";
  if (isLoopbackRedirect(redirectUri) || redirectUri.startsWith("https://"))
    return ` ${/^https?:\/\/[^/?]+/.exec(redirectUri)![0]}`;
  return ` ${redirectUri.slice(0, redirectUri.indexOf(":") + 1)}`;
}

/** What the browser itself says of where a form came from; the form's own CSRF value is checked besides. */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  return origin === undefined || origin === "null" || origin.replace(/^https?:\/\//, "") === headers.host;
}

/**
 * The __Host- prefix keeps sibling domains from planting a cookie (WB-03, WB-06); browsers accept it over https only.
 */
function cookieNames({ issuer }: ServerConfig): { session: string; browser: string; isSecure: boolean } {
  const isSecure = issuer.startsWith("https:");
  const prefix = isSecure ? "__Host-" : "";
  return { session: `${prefix}symbolon-session`, browser: `${prefix}symbolon-browser`, isSecure };
}

function setCookies(reply: FastifyReply, changes: CookieChanges, config: ServerConfig): void {
  const { session, browser, isSecure } = cookieNames(config);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  const cookies: string[] = [];
  if (changes.session === null) cookies.push(`${session}=; ${attributes}; Max-Age=0`);
  else if (changes.session !== undefined)
    cookies.push(`${session}=${changes.session.reveal()}; ${attributes}; Max-Age=${config.lifetimes.sessionAbsolute}`);
  if (changes.browser !== undefined) cookies.push(`${browser}=${changes.browser.reveal()}; ${attributes}`);
  if (cookies.length > 0) reply.header("set-cookie", cookies);
}
