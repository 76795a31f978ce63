import type { Sealed } from "@symbolon/protocol";
import type { CallOptions, Transport } from "./http/transport.ts";
import { invalid } from "./http/exchange.ts";
import type { ClientAuthentication, Endpoints, Profile } from "./profile.ts";
import type { Result } from "./result.ts";

/** A secret to send: as text, or sealed as it came. */
export type Secret = string | Sealed;

/** One application at one provider: what every function of this package takes first. A plain value; sharing it is safe. */
export type Application<Scope extends string = string> = Transport & {
  profile: Profile<Scope>;
  clientId?: string;
  /** Absent for a public client. */
  clientSecret?: Secret;
  /** For the operations that a bearer asks for. A function is called each time. A value that begins with `bearer ` goes as it is. */
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

type Called = { provider: string; operation: string };

/** Where an operation goes, or `invalid_request` naming the option that is missing or unfit. */
export function endpointOf(app: Application, name: keyof Endpoints, operation: string, call: Pick<Call, "baseUrl"> = {}): Result<string> {
  const called: Called = { provider: app.profile.name, operation };
  const template = app.endpoints?.[name] ?? app.profile.endpoints[name];
  if (template === undefined) return invalid(called, `endpoints.${name}`, "the provider has no such endpoint; name one");
  const api = call.baseUrl ?? app.baseUrl ?? app.profile.bases.api;
  const bases: Record<string, [field: string, url: string | undefined]> = {
    api: ["baseUrl", api],
    authorize: ["authorizeBaseUrl", app.authorizeBaseUrl ?? app.profile.bases.authorize ?? api],
  };
  const [, base, path = ""] = /^\{(api|authorize)\}(.*)$/.exec(template) ?? [];
  const [field, start] = base === undefined ? [`endpoints.${name}`, template] : bases[base]!;
  if (start === undefined) return invalid(called, field, "the provider has no address of its own; give one");
  const url = base === undefined ? start : start.replace(/\/+$/, "") + path;
  const wrong = base !== undefined && start.includes("?") ? "must not have a query" : whyUnsafe(url);
  return wrong === undefined ? { ok: true, value: url } : invalid(called, field, wrong);
}

/** The exact issuer, or undefined where the provider has none. */
export const issuerOf = (app: Application, call: Pick<Call, "baseUrl"> = {}): string | undefined =>
  app.issuer ?? (app.profile.issuer === "{api}" ? (call.baseUrl ?? app.baseUrl ?? app.profile.bases.api) : app.profile.issuer);

/** Where secrets may go: https, or http on this very machine. @see MX-07 */
export function whyUnsafe(text: string): string | undefined {
  if (typeof text !== "string" || !/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return "must be an https URL";
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "" || text.includes("#")) return "must have neither user information nor a fragment";
  return protocol === "https:" || /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname) ? undefined : "must be https; http is for this machine alone";
}
