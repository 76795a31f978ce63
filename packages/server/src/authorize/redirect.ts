import { isLoopbackRedirect, type AuthorizationCode, type Reason } from "@symbolon/protocol";
import { describeRefusal } from "../errors.ts";
import type { ServerConfig } from "../config.ts";
import type { ConsentView } from "../views.ts";

type Target = { redirectUri: string; state: string | null };

/** Redirects to the application with a code. @see RFC 6749 §4.1.2, RFC 9207 §2 */
export const successLocation = (target: Target, code: AuthorizationCode, config: ServerConfig): string =>
  location(target, { code: code.reveal() }, config);

/** Redirects to the application with an error. @see RFC 6749 §4.1.2.1 */
export function refusalLocation(
  target: Target,
  refusal: { reason: Reason; parameter?: string },
  config: ServerConfig,
): string {
  const { error, error_description, error_uri } = describeRefusal(refusal, config.issuer);
  return location(target, { error, error_description, error_uri }, config);
}

/**
 * Returns `state` byte for byte and adds `iss`. Without a fragment of its own: nothing is ever sent in one
 * (docs/decisions/0053-redirects-have-no-fragment.md). All values are percent-encoded, so none can inject a header.
 */
function location({ redirectUri, state }: Target, answer: Record<string, string>, config: ServerConfig): string {
  const members = { ...answer, ...(state === null ? {} : { state }), iss: config.issuer };
  const query = Object.entries(members)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return `${redirectUri}${separatorOf(redirectUri)}${query}`;
}

const separatorOf = (uri: string): string => (!uri.includes("?") ? "?" : /[?&]$/.test(uri) ? "" : "&");

/** Where an answer goes, as the pages tell it. */
export function describeRedirect(uri: string): ConsentView["redirect"] {
  if (isLoopbackRedirect(uri)) return { kind: "loopback" };
  const web = /^https:\/\/([^/?]+)/.exec(uri)?.[1];
  return web === undefined ? { kind: "app", scheme: uri.slice(0, uri.indexOf(":")) } : { kind: "web", host: web };
}
