import type { ServerConfig } from "../config.ts";

/**
 * The Host headers that are accepted: the issuer's, the configured ones, and the three names of loopback if the issuer
 * uses one (HT-09).
 */
export function allowedHosts({ issuer, hosts }: ServerConfig): ReadonlySet<string> {
  const { host, hostname, port } = new URL(issuer);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  const loopbackNames = isLoopback
    ? ["localhost", "127.0.0.1", "[::1]"].map((name) => (port === "" ? name : `${name}:${port}`))
    : [];
  return new Set([host, ...hosts, ...loopbackNames].map((name) => name.toLowerCase()));
}
