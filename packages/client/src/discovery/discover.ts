import { whyUnsafe, type Call } from "../application.ts";
import { readAnswer } from "../errors/judge.ts";
import { failedBy, invalid, unreadable, type Answer, type Exchange } from "../http/exchange.ts";
import { send } from "../http/send.ts";
import type { Transport } from "../http/transport.ts";
import type { ClientAuthentication, Endpoints, Profile } from "../profile.ts";
import { generic } from "../profiles/generic.ts";
import { mapped, ok, type Failure, type Result } from "../result.ts";
import { textIn } from "../token/tokens.ts";

const operation = "discover";

/**
 * The profile of a provider that describes itself, from its issuer alone. Tries RFC 8414, then OpenID's document in
 * both places; an address that refuses, redirects or shows a page is passed over. The issuer in it must be the very
 * string that was asked for, and every endpoint https (or on this machine): otherwise it is somebody else's. A provider
 * that offers no way of authenticating that we can do is refused, and its ways are named. Rotation counts as `strict`
 * until you know better.
 * @see RFC 8414 §3, OpenID Connect Discovery §4, MX-02, MX-07
 */
export async function discover(issuer: string, transport: Transport & Call = {}): Promise<Result<Profile>> {
  transport = { ...transport };
  const called = { provider: "generic", operation };
  const wrong = typeof issuer === "string" && issuer.includes("?") ? "must not have a query" : whyUnsafe(issuer);
  if (wrong !== undefined) return invalid(called, "issuer", wrong);
  let first: Failure | undefined;
  for (const url of documentsOf(issuer)) {
    const exchange: Exchange = {
      ...called,
      method: "GET",
      url,
      headers: { accept: "application/json" },
      secrets: [],
      repeatable: true,
    };
    const answer = await send(exchange, transport, transport);
    const read = answer.ok
      ? mapped(readAnswer(exchange, answer.value, { unauthorized: "refused", forbidden: "refused" }), (body) => ({
          body,
          answer: answer.value,
        }))
      : answer;
    if (read.ok) return profileOf(issuer, read.value.body, exchange, read.value.answer);
    if (!mayBeElsewhere(read)) return read;
    first ??= read;
  }
  return first!;
}

/**
 * No document at this address: a refusal, a redirect (which is not followed), a page. An outage or a limit says nothing
 * of where it is.
 */
const mayBeElsewhere = ({ error: { code, status = 500 } }: Failure): boolean =>
  code === "redirect_refused" || (status < 500 && status !== 429);

/** Inserted between host and path, and, for OpenID, also appended. */
function documentsOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const inserted = ["oauth-authorization-server", "openid-configuration"].map(
    (name) => `${origin}/.well-known/${name}${path}`,
  );
  return path === "" ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`];
}

const members: Readonly<Record<keyof Endpoints, string>> = {
  authorization: "authorization_endpoint",
  token: "token_endpoint",
  introspection: "introspection_endpoint",
  revocation: "revocation_endpoint",
  tokenInfo: "token_info_endpoint",
  deviceAuthorization: "device_authorization_endpoint",
};

function profileOf(
  issuer: string,
  metadata: Record<string, unknown>,
  exchange: Exchange,
  answer: Answer,
): Result<Profile> {
  if (metadata["issuer"] !== issuer) return unreadable(exchange, answer, "issuer");
  const endpoints: Endpoints = {};
  for (const [ours, theirs] of Object.entries(members) as [keyof Endpoints, string][]) {
    const url = metadata[theirs];
    if (url === undefined) continue;
    if (typeof url !== "string" || whyUnsafe(url) !== undefined) return unreadable(exchange, answer, theirs);
    endpoints[ours] = url;
  }
  if (endpoints.token === undefined) return unreadable(exchange, answer, "token_endpoint");
  const challenges = metadata["code_challenge_methods_supported"];
  if (Array.isArray(challenges) && !challenges.includes("S256"))
    return failedBy(exchange, answer, "response_invalid", "answered", {
      field: "code_challenge_methods_supported",
      says: "the provider cannot do S256",
    });
  const methods = metadata["token_endpoint_auth_methods_supported"];
  const authentication = methodIn(methods);
  if (authentication === undefined)
    return failedBy(exchange, answer, "response_invalid", "answered", {
      field: "token_endpoint_auth_methods_supported",
      says: `none can be done here: ${JSON.stringify(methods).slice(0, 200)}`,
    });
  const scopes = metadata["scopes_supported"];
  return ok({
    ...generic,
    name: textIn(metadata, "issuer")!,
    issuer,
    endpoints,
    authentication,
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    quirks: { answersWithIssuer: metadata["authorization_response_iss_parameter_supported"] === true },
  });
}

/**
 * RFC 8414 §2: absent means Basic. With mutual TLS (RFC 8705 §2) the connection is the proof: a `fetch` of the
 * caller's.
 */
function methodIn(methods: unknown): ClientAuthentication | undefined {
  if (!Array.isArray(methods) || methods.includes("client_secret_basic")) return "client_secret_basic";
  if (methods.includes("client_secret_post")) return "client_secret_post";
  return methods.length === 0 ||
    methods.some((one) => ["none", "tls_client_auth", "self_signed_tls_client_auth"].includes(one))
    ? "none"
    : undefined;
}
