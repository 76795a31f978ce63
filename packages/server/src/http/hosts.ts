import type { ServerConfig } from "../config.ts";

/**
 * The Host headers that are accepted: the issuer's, the configured ones, and the three names of loopback if the issuer
 * uses one (HT-09); each with and without the default port of the issuer's scheme.
 */
export function allowedHosts({ issuer, hosts }: ServerConfig): ReadonlySet<string> {
  const { host, hostname, port } = new URL(issuer);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  const loopbackNames = isLoopback
    ? ["localhost", "127.0.0.1", "[::1]"].map((name) => (port === "" ? name : `${name}:${port}`))
    : [];
  const named = [host, ...hosts, ...loopbackNames].map((name) => withoutDefaultPort(name, issuer));
  return new Set(named.flatMap((name) => (/:\d+$/.test(name) ? name : [name, `${name}:${defaultPortOf(issuer)}`])));
}

/** A Host header in lower case, without the port if that is the default of the scheme of `url` (RFC 9110 §4.2.3). */
export function withoutDefaultPort(host: string, url: string): string {
  const port = `:${defaultPortOf(url)}`;
  return (host.endsWith(port) ? host.slice(0, -port.length) : host).toLowerCase();
}

const defaultPortOf = (url: string): string => (url.startsWith("https:") ? "443" : "80");
