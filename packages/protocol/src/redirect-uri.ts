/**
 * Whether the received redirect URI is registered. Compares the received bytes, without a URL parser: parsers repair
 * hostile input, so that strings which lead to different hosts can compare equal. Only the port of a registered
 * loopback address may differ.
 * @see RFC 9700 §2.1, RFC 8252 §7.3
 */
export function matchRedirectUri(registered: readonly string[], received: string): boolean {
  return registered.some((uri) => uri === received || equalsButForPort(uri, received));
}

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::(\d{1,5}))?(\/[^#]*)?$/;

function equalsButForPort(registered: string, received: string): boolean {
  const ours = loopback.exec(registered);
  const theirs = loopback.exec(received);
  if (ours === null || theirs === null) return false;
  return ours[1] === theirs[1] && ours[3] === theirs[3] && isPort(theirs[2]);
}

const isPort = (digits: string | undefined): boolean =>
  digits === undefined || (/^[1-9]/.test(digits) && Number(digits) <= 65535);

export const isLoopbackRedirect = (uri: string): boolean => loopback.test(uri);

type ClientType = "confidential" | "public";

/**
 * Why a redirect URI cannot be registered, as the rest of a sentence for the developer; `undefined` if it can.
 * `anyAppScheme`: the operator accepts schemes of apps that are not reverse domain names
 * (docs/decisions/0055-an-operator-may-accept-any-app-scheme.md).
 */
export function describeRedirectUriProblem(
  uri: string,
  type: ClientType,
  { anyAppScheme = false }: { anyAppScheme?: boolean } = {},
): string | undefined {
  if (uri.length === 0 || uri.length > 2048) return "must have 1 to 2048 characters";
  if (!/^[\x21-\x7e]+$/.test(uri))
    return "must be ASCII without spaces or control characters; write other characters percent-encoded";
  if (/[\\^`{|}<>"]/.test(uri)) return "holds a character that a URI cannot hold";
  if (uri.includes("#")) return "must not have a fragment";
  if (uri.includes("*")) return "must not hold a wildcard; register each URI";
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) return "holds a broken percent-escape";
  if (/%(?:00|0[aAdD])/.test(uri)) return "must not hold an escaped NUL or line break";
  if (/(?:\/|%2[fF]|%5[cC])(?:\.|%2[eE]){1,2}(?:\/|%2[fF]|%5[cC]|$|\?)/.test(uri)) return "must not hold dot segments";
  return describeSchemeProblem(uri, type, anyAppScheme) ?? describeSpellingProblem(uri);
}

function describeSchemeProblem(uri: string, type: ClientType, anyAppScheme: boolean): string | undefined {
  if (uri.startsWith("https://")) return describeHostProblem(uri.slice(8));
  if (uri.startsWith("http://"))
    return isLoopbackRedirect(uri)
      ? describePortProblem(uri)
      : "must be https; http is for 127.0.0.1, [::1] and localhost only";
  const problem = anyAppScheme ? describeAppSchemeProblem(uri) : describePrivateSchemeProblem(uri);
  if (problem !== undefined) return problem;
  return type === "public" ? undefined : "uses a private scheme, which is for public applications";
}

/**
 * Rejects a URI that browsers write differently (`https://0x7f.1/`, `https://[0::1]/`), so that the bytes compared in
 * requests are the address that browsers go to.
 */
function describeSpellingProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return "is not a URL that a browser can open";
  const { href } = new URL(uri);
  return href === uri || href === `${uri}/` ? undefined : `is written ${href} by browsers; register that spelling`;
}

function describeHostProblem(afterScheme: string): string | undefined {
  const authority = /^[^/?]*/.exec(afterScheme)![0];
  if (authority.includes("@")) return "must not hold user information";
  const host =
    /^((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/.exec(
      authority,
    );
  if (host === null) return "must have a plain lower-case host name, and no trailing dot";
  if (host[2] !== undefined && (!isPort(host[2]) || host[2] === "443"))
    return "must name a port from 1 to 65535, and leave the default port out";
  return undefined;
}

const describePortProblem = (uri: string): string | undefined =>
  isPort(loopback.exec(uri)?.[2]) ? undefined : "must name a port from 1 to 65535";

/** A private-use scheme must be a reverse domain name, and is for native (public) clients. @see RFC 8252 §7.1 */
function describePrivateSchemeProblem(uri: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\/(?!\/)/.exec(uri)?.[1];
  if (scheme === undefined)
    return "must be https://…, http:// on loopback, or a private scheme such as com.example.app:/callback";
  if (!/^[a-z][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+$/.test(scheme))
    return "uses a scheme that is not a reverse domain name such as com.example.app";
  return undefined;
}

/** Schemes that browsers run or read themselves, or that start another program than the client's own. */
const foreignSchemes =
  /^(?:javascript|vbscript|data|blob|file|filesystem|about|view-source|chrome|resource|intent|content|wss?|ftp|mailto|tel|sms)$/;

function describeAppSchemeProblem(uri: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):\//.exec(uri)?.[1];
  if (scheme === undefined)
    return "must be https://…, http:// on loopback, or a scheme of an app such as myapp://callback";
  return foreignSchemes.test(scheme) ? "uses a scheme that does not lead to an app of its own" : undefined;
}
