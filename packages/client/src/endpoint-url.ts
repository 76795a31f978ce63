import type { Application, Call } from "./application.ts";
import { checkApplication, errorSource } from "./check-arguments.ts";
import { invalidRequest } from "./errors/failures.ts";
import type { Endpoints } from "./profile.ts";
import { ok, type Failure, type Result } from "./result.ts";

/** The URL of an endpoint, or `invalid_request` naming the option that is missing or cannot be used. */
export function endpointUrl(
  app: Application,
  name: keyof Endpoints,
  operation: string,
  call: Pick<Call, "baseUrl"> = {},
): Result<string> {
  const { bases, endpoints } = app.profile;
  const template = String(app.endpoints?.[name] ?? endpoints[name]);
  const api = call.baseUrl ?? app.baseUrl ?? bases.api;
  const [option, base] = template.startsWith("{api}")
    ? ["baseUrl", api]
    : template.startsWith("{authorize}")
      ? ["authorizeBaseUrl", app.authorizeBaseUrl ?? bases.authorize ?? api]
      : [];
  const url = option ? template.replace(/^.*?\}/, String(base).replace(/\/+$/, "")) : template;
  const problem = describeUnsafeUrl(url) ?? (option && url.includes("?") ? "must not have a query" : undefined);
  return problem ? invalidRequest(errorSource(app, operation), option ?? `endpoints.${name}`, problem) : ok(url);
}

/**
 * `invalid_request` where neither profile nor application has the endpoint: clearer than what `endpointUrl` reports.
 */
export const missingEndpoint = (app: Application, name: keyof Endpoints, operation: string): Failure | undefined =>
  (checkApplication(app, operation).endpoints?.[name] ?? app.profile.endpoints[name]) === undefined
    ? invalidRequest(errorSource(app, operation), `endpoints.${name}`, "is missing: the profile has none")
    : undefined;

/**
 * Why secrets must not be sent to this URL, or undefined. Allowed are https, and http to this machine, spelled with the
 * characters of RFC 3986 except `$`.
 * @see MX-07
 */
export function describeUnsafeUrl(text: string): string | undefined {
  const isPlain = typeof text === "string" && /^https?:\/\/[!%-;=?-[\]_a-z~]+$/.test(text) && URL.canParse(text);
  const { protocol, hostname, username, password } = new URL(isPlain ? text : "none:");
  const isSafe = protocol === "https:" || isThisMachine(hostname);
  return isSafe && username + password === "" ? undefined : "must be https, or http on this machine";
}

/** Whether the host is this machine. */
export const isThisMachine = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
