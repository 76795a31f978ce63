import { ok, parseScope, refuse, resolveResources, type Form, type Result, type Scope } from "@symbolon/protocol";
import type { Application } from "./applications/application.ts";
import type { ServerConfig } from "./config.ts";
import type { Deps } from "./deps.ts";
import type { Narrowing } from "./grants/variants.ts";
import { isManagementResource } from "./management/access.ts";

/**
 * What a request asks its tokens to be limited to: `scope`, `resource` and `expires_in`. Whether a grant covers it is
 * decided in grants/.
 */
export type RequestedNarrowing = {
  scope: Scope | undefined;
  /** As they stand in the request. */
  resources: readonly string[];
  lifetimeSeconds: number;
};

/** Reads the narrowing of a token request; touches no storage. @see RFC 6749 §3.3, RFC 8707 §2.2 */
export function parseNarrowing(form: Form, client: Application, config: ServerConfig): Result<RequestedNarrowing> {
  const scope = parseRequestedScope(form);
  if (!scope.ok) return scope;
  const lifetime = parseLifetime(form.get("expires_in"), client, config);
  if (!lifetime.ok) return lifetime;
  return ok({ scope: scope.value, resources: form.resources, lifetimeSeconds: lifetime.value });
}

/** Looks the requested resources up. */
export async function resolveNarrowing(
  { scope, resources, lifetimeSeconds }: RequestedNarrowing,
  deps: Pick<Deps, "config" | "store">,
): Promise<Result<Narrowing>> {
  if (resources.length === 0) return ok({ scope, lifetimeSeconds });
  const audiences = await resolveAudiences(resources, deps);
  return audiences.ok ? ok({ scope, audiences: audiences.value, lifetimeSeconds }) : audiences;
}

/** The requested scope; `undefined` if the request has none. @see RFC 6749 §3.3 */
export function parseRequestedScope(form: Form): Result<Scope | undefined> {
  const scope = form.get("scope");
  return scope === undefined ? ok(undefined) : parseScope(scope);
}

/**
 * The requested resources as they are registered, sorted. The management API is not among them, even if a resource
 * server was registered under its identifier (AD-01).
 * @see RFC 8707 §2
 */
export async function resolveAudiences(
  requested: readonly string[],
  { config, store }: Pick<Deps, "config" | "store">,
): Promise<Result<readonly string[]>> {
  if (requested.length === 0) return ok([]);
  const registered = (await store.resourceServers.list()).flatMap(({ resource }) =>
    resource === null || isManagementResource(resource, config) ? [] : resource,
  );
  return resolveResources(requested, registered);
}

function parseLifetime(
  requested: string | undefined,
  client: Application,
  { lifetimes }: ServerConfig,
): Result<number> {
  const allowed = client.accessTokenLifetimes.length > 0 ? client.accessTokenLifetimes : [lifetimes.access];
  if (requested === undefined) return ok(allowed[0]!);
  if (!/^[1-9][0-9]{0,8}$/.test(requested)) return refuse("parameter_invalid", "expires_in");
  return allowed.includes(Number(requested)) ? ok(Number(requested)) : refuse("lifetime_not_allowed", "expires_in");
}
