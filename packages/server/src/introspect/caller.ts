import { ok, readBearer, refuse, type Result } from "@symbolon/protocol";
import type { Application, ResourceServer } from "../applications/application.ts";
import { proveApplication, proveResourceServer, readPresented } from "../clients/authenticate.ts";
import type { Deps } from "../deps.ts";
import type { FormRequest } from "../request.ts";
import { audiencesOf } from "../grants/variants.ts";
import { inspectAccessToken, noteUse, type LiveToken } from "./inspect.ts";

/** Who asks: a resource server, an application about its own tokens, or the bearer of a token of that application. */
export type Caller = { resourceServer: ResourceServer } | { application: Application };

/** Resource server ids start with this; application ids never do. */
export const resourceServerPrefix = "rs_";

/** @see RFC 7662 §2.1 */
export async function authenticateCaller(request: FormRequest, deps: Deps): Promise<Result<Caller>> {
  if (/^bearer /i.test(request.authorization ?? "")) return await bearerAsCaller(request, deps);
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

async function bearerAsCaller(request: FormRequest, deps: Deps): Promise<Result<Caller>> {
  if (request.form.has("client_secret")) return refuse("client_authentication_twice");
  const bearer = readBearer(request.authorization);
  if (!bearer.ok) return bearer;
  const live = await inspectAccessToken(bearer.value, deps);
  if (live === undefined || !(await noteUse(live, deps))) return refuse("bearer_inactive");
  return ok({ application: live.application });
}

/** Anyone else learns nothing, not even that the token exists. @see RFC 7662 §4 */
export function mayAsk(caller: Caller, live: LiveToken): boolean {
  if ("application" in caller) return caller.application.id === live.application.id;
  const audiences = audiencesOf(live.grant, live.variant);
  return (
    audiences.length === 0 ||
    (caller.resourceServer.resource !== null && audiences.includes(caller.resourceServer.resource))
  );
}
