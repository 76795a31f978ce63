import type { FastifyReply } from "fastify";
import { describeRedirect } from "../authorize/redirect.ts";
import { flowHeaders } from "./page-headers.ts";
import { startPage } from "./page-language.ts";
import type { Edge } from "./edge.ts";

/**
 * In characters. By default nginx answers 502 if the headers of an answer exceed 4 KiB; the others take less than
 * 1 KiB.
 */
const longestLocation = 3072;

/**
 * Sends the browser on. By 303, never 307: a browser must not post the password to the next page (RFC 9700 §4.12). By a
 * page where a redirect fails: to an app, which may not be installed, and to an address that is too long for a header.
 */
export function sendRedirect(reply: FastifyReply, location: string, edge: Edge): FastifyReply {
  const to = location.startsWith("/") ? { kind: "here" as const } : describeRedirect(location);
  if (to.kind === "app" || location.length > longestLocation)
    return flowHeaders(reply, "; form-action 'none'").send(
      edge.pages.redirect({ ...startPage(reply, edge), location, to }),
    );
  return reply
    .code(303)
    .header("location", location)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .send();
}
