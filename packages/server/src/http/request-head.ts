import type { Reason } from "@symbolon/protocol";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

const maximumHeaders = 100;

/** Longer ones are not looked up (HT-15). A host name has at most 253 characters, and may have a port. */
const longest = { host: 259, path: 1024 };

/**
 * The reason to refuse a request for its headers or path, or `undefined`. Node silently keeps the first of two Host or
 * Content-Type headers, and the router decodes paths and ignores fragments. A proxy in front could therefore check
 * something else than what is served, so only the plain form of each is accepted.
 * @see RFC 9112 §3.2, attacks HT-05, HT-08, HT-09
 */
export function faultOfHead(
  { url, headers, rawHeaders, httpVersion }: Pick<IncomingMessage, "url" | "headers" | "rawHeaders" | "httpVersion">,
  { hosts, anyHostPaths }: { hosts: ReadonlySet<string>; anyHostPaths: ReadonlySet<string> },
): Reason | undefined {
  if (rawHeaders.length > 2 * maximumHeaders || hasForbiddenHeader(rawHeaders)) return "headers_malformed";
  if (headers.host === undefined && httpVersion === "1.1") return "headers_malformed";
  if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) return "expectation_unsupported";
  if (!/^identity$/i.test(headers["content-encoding"] ?? "identity") && hasBody(headers))
    return "content_coding_unsupported";
  const { authority, path } = readTarget(url ?? "");
  if (path.length > longest.path) return "page_unknown";
  const host = authority ?? headers.host ?? "";
  if (!anyHostPaths.has(path) && (host.length > longest.host || !hosts.has(host.toLowerCase()))) return "host_unknown";
  return /[%#;\\]/.test(path) ? "page_unknown" : undefined;
}

const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

function hasForbiddenHeader(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  let mediaTypes = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (isNamed(name, "__proto__")) return true;
    if (isNamed(name, "host")) hosts++;
    if (isNamed(name, "content-type")) mediaTypes++;
  }
  return hosts > 1 || mediaTypes > 1;
}

const isNamed = (sent: string, name: string): boolean => sent.length === name.length && sent.toLowerCase() === name;

/** The authority in a target in absolute form takes precedence over the Host header. @see RFC 9112 §3.2.2 */
export function readTarget(url: string): { authority: string | undefined; path: string } {
  const authority = url.startsWith("/") ? undefined : /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  const afterwards = authority === undefined ? url : url.slice(url.indexOf("//") + 2 + authority.length);
  const mark = afterwards.indexOf("?");
  return { authority, path: mark < 0 ? afterwards : afterwards.slice(0, mark) };
}
