import { ok, readBearer, refuse, type Result } from "@symbolon/protocol";
import type { Application, ResourceServer } from "../applications/application.ts";
import { proveApplication, proveResourceServer, readPresented } from "../clients/authenticate.ts";
import type { Deps } from "../deps.ts";
import { audiencesOf } from "../grants/variants.ts";
import type { FormRequest } from "../request.ts";
import { confirmUse, inspectAccessToken, type ActiveToken } from "./inspect.ts";

/**
 * The caller of the introspection endpoint: a resource server, or an application that asks about its own tokens. The
 * bearer of an access token counts as the token's application.
 */
export type Caller = { resourceServer: ResourceServer } | { application: Application };

/** Every resource server id starts with this; no application id does. */
export const resourceServerPrefix = "rs_";

/** @see RFC 7662 §2.1 */
export async function authenticateCaller(
  request: FormRequest,
  deps: Pick<Deps, "clock" | "emit" | "keyring" | "limiter" | "store">,
): Promise<Result<Caller>> {
  if (/^bearer(?:\s|$)/i.test(request.authorization ?? "")) return await bearerAsCaller(request, deps);
  const presented = readPresented(request, deps);
  if (!presented.ok) return presented;
  if (presented.value.clientId.startsWith(resourceServerPrefix)) {
    const resourceServer = await proveResourceServer(presented.value, request, deps);
    return resourceServer.ok ? ok({ resourceServer: resourceServer.value }) : resourceServer;
  }
  const application = await proveApplication(presented.value, request, deps);
  if (!application.ok) return application;
  return application.value.type === "public" ? refuse("caller_not_allowed") : ok({ application: application.value });
}

async function bearerAsCaller(
  request: FormRequest,
  deps: Pick<Deps, "clock" | "emit" | "keyring" | "store">,
): Promise<Result<Caller>> {
  if (request.form.has("client_secret")) return refuse("client_authentication_twice");
  const bearer = readBearer(request.authorization);
  if (!bearer.ok) return bearer;
  const active = await inspectAccessToken(bearer.value, deps);
  if (active === undefined || !(await confirmUse(active, deps))) return refuse("bearer_inactive");
  return ok({ application: active.application });
}

/** Every other caller gets the answer for an unknown token. @see RFC 7662 §4 */
export function mayIntrospect(caller: Caller, { application, grant, variant }: ActiveToken): boolean {
  if ("application" in caller) return caller.application.id === application.id;
  const audiences = audiencesOf(grant, variant);
  if (audiences.length === 0) return true;
  const { resource } = caller.resourceServer;
  return resource !== null && audiences.includes(resource);
}

export const callerId = (caller: Caller): string =>
  "application" in caller ? caller.application.id : caller.resourceServer.id;
