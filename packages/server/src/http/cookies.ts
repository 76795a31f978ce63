import { readCookies, Sealed } from "@symbolon/protocol";
import type { FastifyReply } from "fastify";
import type { BrowserRequest, CookieChanges } from "../authorize/screen.ts";
import { pathOf, type ServerConfig } from "../config.ts";

/** Half a year after the last sign-in, a device is as good as unknown. */
const deviceSeconds = 180 * 86_400;

/** The cookies of this server in a Cookie header. */
export function readBrowserCookies(header: string | undefined, config: ServerConfig): BrowserRequest["cookies"] {
  const names = cookieNames(config);
  const cookies = readCookies(header);
  return {
    session: sealed(cookies.get(names.session)),
    browser: sealed(cookies.get(names.browser)),
    device: sealed(cookies.get(names.device)),
  };
}

export function setCookies(reply: FastifyReply, changes: CookieChanges, config: ServerConfig): void {
  const { session, browser, device, isSecure } = cookieNames(config);
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  const cookies: string[] = [];
  if (changes.session === null) cookies.push(`${session}=; ${attributes}; Max-Age=0`);
  else if (changes.session !== undefined)
    cookies.push(`${session}=${changes.session.reveal()}; ${attributes}; Max-Age=${config.lifetimes.sessionAbsolute}`);
  if (changes.browser !== undefined) cookies.push(`${browser}=${changes.browser.reveal()}; ${attributes}`);
  if (changes.device !== undefined)
    cookies.push(`${device}=${changes.device.reveal()}; ${attributes}; Max-Age=${deviceSeconds}`);
  if (cookies.length > 0) reply.header("set-cookie", cookies);
}

/**
 * The __Host- prefix keeps sibling domains from setting the cookie (WB-03, WB-06). Browsers accept it over https only,
 * and with Path=/ only, so the path of the issuer is in the name: two servers below one host name each have their own.
 */
function cookieNames(config: ServerConfig) {
  const isSecure = config.issuer.startsWith("https:");
  const prefix = `${isSecure ? "__Host-" : ""}symbolon`;
  const suffix = pathOf(config).replaceAll("/", "-");
  return {
    session: `${prefix}-session${suffix}`,
    browser: `${prefix}-browser${suffix}`,
    device: `${prefix}-device${suffix}`,
    isSecure,
  };
}

const sealed = <Kind extends string>(value: string | undefined): Sealed<Kind> | undefined =>
  value === undefined ? undefined : new Sealed(value);
