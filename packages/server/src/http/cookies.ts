import { readCookies, Sealed } from "@symbolon/protocol";
import type { FastifyReply } from "fastify";
import type { BrowserRequest, CookieChanges } from "../authorize/screen.ts";
import type { ServerConfig } from "../config.ts";

/** The cookies of this server in a Cookie header. */
export function readBrowserCookies(header: string | undefined, config: ServerConfig): BrowserRequest["cookies"] {
  const names = cookieNames(config);
  const cookies = readCookies(header);
  return { session: sealed(cookies.get(names.session)), browser: sealed(cookies.get(names.browser)) };
}

export function setCookies(reply: FastifyReply, changes: CookieChanges, config: ServerConfig): void {
  const { session, browser, isSecure } = cookieNames(config);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  const cookies: string[] = [];
  if (changes.session === null) cookies.push(`${session}=; ${attributes}; Max-Age=0`);
  else if (changes.session !== undefined)
    cookies.push(`${session}=${changes.session.reveal()}; ${attributes}; Max-Age=${config.lifetimes.sessionAbsolute}`);
  if (changes.browser !== undefined) cookies.push(`${browser}=${changes.browser.reveal()}; ${attributes}`);
  if (cookies.length > 0) reply.header("set-cookie", cookies);
}

/**
 * The __Host- prefix keeps sibling domains from setting the cookie (WB-03, WB-06). Browsers accept it over https only.
 */
function cookieNames({ issuer }: ServerConfig): { session: string; browser: string; isSecure: boolean } {
  const isSecure = issuer.startsWith("https:");
  const prefix = isSecure ? "__Host-" : "";
  return { session: `${prefix}symbolon-session`, browser: `${prefix}symbolon-browser`, isSecure };
}

const sealed = <Kind extends string>(value: string | undefined): Sealed<Kind> | undefined =>
  value === undefined ? undefined : new Sealed(value);
