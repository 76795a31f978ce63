import { whyUnsafe, type Call } from "../application.ts";
import { readAnswer } from "../errors/judge.ts";
import { failedBy, invalid, unreadable, type Answer, type Exchange } from "../http/exchange.ts";
import { send } from "../http/send.ts";
import type { Transport } from "../http/transport.ts";
import type { ClientAuthentication, Endpoints, Profile } from "../profile.ts";
import { generic } from "../profiles/generic.ts";
import { ok, type Result } from "../result.ts";
import { textIn } from "../token/tokens.ts";

const operation = "discover";

/**
 * The profile of a provider that describes itself, from its issuer alone. Tries RFC 8414, then OpenID's document in both
 * places. The issuer in it must be the very string that was asked for, and every endpoint https (or on this machine):
 * otherwise it is somebody else's. Rotation counts as `strict` until you know better.
 * @see RFC 8414 §3, OpenID Connect Discovery §4, MX-02, MX-07
 */
export async function discover(issuer: string, transport: Transport & Call = {}): Promise<Result<Profile>> {
  const called = { provider: "generic", operation };
  const wrong = typeof issuer === "string" && issuer.includes("?") ? "must not have a query" : whyUnsafe(issuer);
  if (wrong !== undefined) return invalid(called, "issuer", wrong);
  let last: Result<Profile> | undefined;
  for (const url of documentsOf(issuer)) {
    const exchange: Exchange = { ...called, method: "GET", url, headers: { accept: "application/json" }, secrets: [], repeatable: true };
    const answer = await send(exchange, transport, transport);
    if (!answer.ok) return answer;
    const body = readAnswer(exchange, answer.value, { unauthorized: "refused", forbidden: "refused" });
    if (body.ok) return profileOf(issuer, body.value, exchange, answer.value);
    last ??= body;
    if (answer.value.status !== 404) return body;
  }
  return last!;
}

/** Inserted between host and path, and, for OpenID, also appended. */
function documentsOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const inserted = ["oauth-authorization-server", "openid-configuration"].map((name) => `${origin}/.well-known/${name}${path}`);
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

function profileOf(issuer: string, metadata: Record<string, unknown>, exchange: Exchange, answer: Answer): Result<Profile> {
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
    return failedBy(exchange, answer, "response_invalid", "answered", { field: "code_challenge_methods_supported", says: "the provider cannot do S256" });
  const scopes = metadata["scopes_supported"];
  return ok({
    ...generic,
    name: textIn(metadata, "issuer")!,
    issuer,
    endpoints,
    authentication: methodIn(metadata["token_endpoint_auth_methods_supported"]),
    scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    quirks: { answersWithIssuer: metadata["authorization_response_iss_parameter_supported"] === true },
  });
}

/** RFC 8414 §2: absent means Basic. */
function methodIn(methods: unknown): ClientAuthentication {
  if (!Array.isArray(methods) || methods.includes("client_secret_basic")) return "client_secret_basic";
  return methods.includes("client_secret_post") ? "client_secret_post" : "none";
}
