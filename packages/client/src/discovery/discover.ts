import { unknownName } from "@symbolon/protocol";
import type { Call } from "../application.ts";
import type { Reply } from "../call-endpoint.ts";
import { describeUnsafeUrl, isThisMachine } from "../endpoint-url.ts";
import { failureWithResponse, invalidRequest, invalidResponse } from "../errors/failures.ts";
import { readResponse } from "../errors/read-response.ts";
import type { PreparedRequest } from "../http/prepared-request.ts";
import { send } from "../http/send.ts";
import type { Transport } from "../http/transport.ts";
import type { ClientAuthentication, Endpoints, Profile } from "../profile.ts";
import { generic } from "../profiles/generic.ts";
import { mapResult, ok, type Failure, type Result } from "../result.ts";
import { stringMember } from "../token/tokens.ts";
import { isInternalHost, normalHost } from "./internal-hosts.ts";

const discoverOptionNames =
  "internalHosts fetch world timeoutMs retries retryCodes hooks headers userAgent signal baseUrl".split(" ");

/** Options of `discover`. */
export type DiscoverOptions = Transport & {
  /** Ends the call with `aborted`. */
  signal?: AbortSignal | undefined;
  /**
   * Internal hosts that the metadata may name besides the issuer's own: names such as `sso.corp.internal`, or
   * addresses. Set it only to hosts that you know. Names are not resolved. Default: none.
   */
  internalHosts?: readonly string[] | undefined;
};

/**
 * Reads a provider's metadata from its issuer and makes a profile of it. Tries the address of RFC 8414, then both
 * addresses of OpenID Connect Discovery, and skips those that refuse, redirect or return a page.
 *
 * Fails with `response_invalid` if `issuer` in the metadata is not exactly `issuer`, if an endpoint is neither
 * https nor on this machine, if an endpoint is on an internal host that is neither the issuer's nor in `internalHosts`,
 * and if no offered client authentication or PKCE method is supported. Metadata does not describe refresh token
 * rotation: the profile says `strict`, so set `rotation` if you know better.
 * @see RFC 8414 §3, OpenID Connect Discovery §4, MX-02, MX-07
 */
export async function discover(issuer: string, options: DiscoverOptions = {}): Promise<Result<Profile>> {
  const { internalHosts = [], ...transport } = { ...options };
  const source = { provider: "generic", operation: "discover" };
  const unknown = unknownName({ ...options }, discoverOptionNames);
  if (unknown) return invalidRequest(source, unknown.name, `${unknown.name} is not an option${unknown.suggestion}`);
  const problem =
    typeof issuer === "string" && issuer.includes("?") ? "must not have a query" : describeUnsafeUrl(issuer);
  if (problem !== undefined) return invalidRequest(source, "issuer", problem);
  const allowed = Array.isArray(internalHosts) ? internalHosts.map(normalHost) : [undefined];
  if (allowed.includes(undefined)) return invalidRequest(source, "internalHosts", "must be a list of hosts");
  let first: Failure | undefined;
  for (const url of metadataUrls(issuer)) {
    const headers = { accept: "application/json" };
    const request: PreparedRequest = { ...source, method: "GET", url, headers, secrets: [], repeatable: true };
    const metadata = await fetchMetadata(request, transport);
    if (metadata.ok) return readProfile(issuer, allowed, metadata.value);
    if (!shouldTryNext(metadata)) return metadata;
    first ??= metadata;
  }
  return first!;
}

async function fetchMetadata(request: PreparedRequest, transport: Transport & Call): Promise<Result<Reply>> {
  const response = await send(request, transport, transport);
  if (!response.ok) return response;
  const body = readResponse(request, response.value);
  return mapResult(body, (body) => ({ body, request, response: response.value }));
}

/** Whether there is no document at this address. An outage or a rate limit does not show that. */
const shouldTryNext = ({ error: { code, status = 500 } }: Failure): boolean =>
  code === "redirect_refused" || (status < 500 && status !== 429);

/** The well-known part goes between host and path; OpenID Connect also allows it after the path. */
function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const inserted = ["oauth-authorization-server", "openid-configuration"].map(
    (name) => `${origin}/.well-known/${name}${path}`,
  );
  return path === "" ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`];
}

const metadataNames: Readonly<Record<keyof Endpoints, string>> = {
  authorization: "authorization_endpoint",
  token: "token_endpoint",
  introspection: "introspection_endpoint",
  revocation: "revocation_endpoint",
  tokenInfo: "token_info_endpoint",
  deviceAuthorization: "device_authorization_endpoint",
};

function readProfile(
  issuer: string,
  internalHosts: readonly unknown[],
  { body: metadata, request, response }: Reply,
): Result<Profile> {
  const unsupported = (field: string, message: string) =>
    failureWithResponse(request, response, "response_invalid", "answered", { field, message });
  const found = metadata["issuer"];
  if (found !== issuer) return invalidResponse(request, response, "issuer", describeIssuers(found, issuer));
  const endpoints: Endpoints = {};
  for (const [name, member] of Object.entries(metadataNames) as [keyof Endpoints, string][]) {
    const url = metadata[member];
    if (url === undefined) continue;
    if (typeof url !== "string" || describeUnsafeUrl(url) !== undefined)
      return invalidResponse(request, response, member);
    const { hostname } = new URL(url);
    if (!isAllowedHost(hostname, issuer, internalHosts))
      return unsupported(member, `${hostname} is an internal host: name it in internalHosts if it is meant`);
    endpoints[name] = url;
  }
  if (endpoints.token === undefined) return invalidResponse(request, response, "token_endpoint");
  const challenges = metadata["code_challenge_methods_supported"];
  if (Array.isArray(challenges) && !challenges.includes("S256"))
    return unsupported("code_challenge_methods_supported", "does not include S256");
  const methods = metadata["token_endpoint_auth_methods_supported"];
  const authentication = supportedAuthentication(methods);
  if (authentication === undefined)
    return unsupported(
      "token_endpoint_auth_methods_supported",
      `has no method that this client supports: ${JSON.stringify(methods).slice(0, 200)}`,
    );
  const scopes = metadata["scopes_supported"];
  return ok({
    ...generic,
    name: stringMember(metadata, "issuer")!,
    issuer,
    endpoints,
    authentication,
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    quirks: { answersWithIssuer: metadata["authorization_response_iss_parameter_supported"] === true },
  });
}

/** For the person who sees two spellings of one issuer. */
const describeIssuers = (found: unknown, requested: string): string =>
  `${found === undefined ? "no issuer" : JSON.stringify(found).slice(0, 200)}, but ${JSON.stringify(requested)} was requested`;

/**
 * Whether metadata of this issuer may name this host. Without this, metadata could direct requests with credentials to
 * services that only this machine or network can reach.
 */
function isAllowedHost(host: string, issuer: string, internalHosts: readonly unknown[]): boolean {
  const own = new URL(issuer).hostname;
  return (
    !isInternalHost(host) || host === own || internalHosts.includes(host) || (isThisMachine(host) && isThisMachine(own))
  );
}

/**
 * RFC 8414 §2: where the member is absent, the method is Basic. Mutual TLS (RFC 8705 §2) authenticates the connection,
 * through the caller's own `fetch`, so the request itself carries no secret.
 */
function supportedAuthentication(methods: unknown): ClientAuthentication | undefined {
  if (!Array.isArray(methods) || methods.includes("client_secret_basic")) return "client_secret_basic";
  if (methods.includes("client_secret_post")) return "client_secret_post";
  const withoutSecret = ["none", "tls_client_auth", "self_signed_tls_client_auth"];
  return methods.length === 0 || methods.some((one) => withoutSecret.includes(one)) ? "none" : undefined;
}
