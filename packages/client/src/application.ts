import type { Sealed } from "@symbolon/protocol";
import type { CallOptions, Transport } from "./http/transport.ts";
import { invalid } from "./http/exchange.ts";
import type { ClientAuthentication, Endpoints, Profile } from "./profile.ts";
import { ok, type Result } from "./result.ts";

/** A secret to send: as text, or sealed as it came. */
export type Secret = string | Sealed;

/**
 * One application at one provider: what every function of this package takes first. A plain value; sharing it is safe.
 */
export type Application<Scope extends string = string> = Transport & {
  profile: Profile<Scope>;
  clientId?: string;
  /** Absent for a public client. */
  clientSecret?: Secret;
  /**
   * For the operations that a bearer asks for. A function is called each time. A value that begins with `bearer ` goes
   * as it is.
   */
  accessToken?: Secret | (() => Secret | Promise<Secret>);
  /** Instead of the profile's `{api}` base; a path in it is kept. */
  baseUrl?: string;
  /** Instead of the profile's `{authorize}` base. */
  authorizeBaseUrl?: string;
  /** Instead of single endpoints of the profile. */
  endpoints?: Endpoints;
  issuer?: string;
  authentication?: ClientAuthentication;
};

/** What every call takes besides its own arguments. */
export type Call = CallOptions & {
  /** Instead of the application's, for this call. */
  baseUrl?: string;
};

/** Where an operation goes, or `invalid_request` naming the option that is missing or unfit. */
export function endpointOf(
  app: Application,
  name: keyof Endpoints,
  operation: string,
  call: Pick<Call, "baseUrl"> = {},
): Result<string> {
  const { bases, endpoints, name: provider } = app.profile;
  const template = String(app.endpoints?.[name] ?? endpoints[name]);
  const api = call.baseUrl ?? app.baseUrl ?? bases.api;
  const [base, start] = template.startsWith("{api}")
    ? ["baseUrl", api]
    : template.startsWith("{authorize}")
      ? ["authorizeBaseUrl", app.authorizeBaseUrl ?? bases.authorize ?? api]
      : [];
  const url = base ? template.replace(/^.*?\}/, String(start).replace(/\/+$/, "")) : template;
  const wrong = whyUnsafe(url) ?? (base && url.includes("?") ? "must not have a query" : undefined);
  return wrong ? invalid({ provider, operation }, base ?? `endpoints.${name}`, wrong) : ok(url);
}

/** The exact issuer, or undefined where the provider has none. */
export const issuerOf = (app: Application, call: Pick<Call, "baseUrl"> = {}): string | undefined =>
  app.issuer ??
  (app.profile.issuer === "{api}" ? (call.baseUrl ?? app.baseUrl ?? app.profile.bases.api) : app.profile.issuer);

/** Where secrets may go: https, or http on this very machine, in the characters of RFC 3986 but for `$`. @see MX-07 */
export function whyUnsafe(text: string): string | undefined {
  const isPlain = typeof text === "string" && /^https?:\/\/[!%-;=?-[\]_a-z~]+$/.test(text) && URL.canParse(text);
  const { protocol, hostname, username, password } = new URL(isPlain ? text : "none:");
  const isSafe = protocol === "https:" || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return isSafe && username + password === "" ? undefined : "must be https, or http on this machine";
}
