import { formatScope, ok, readBearer, refuse, type Result } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import { scopeOf } from "../grants/variants.ts";
import { inspectAccessToken, noteUse } from "../introspect/inspect.ts";
import { resourceMembers, type ResourceMembers } from "../introspect/response.ts";

/** The shape of the Gusto seed, and how long the token still lives, in seconds. */
export type TokenInfo = { scope: string; expires_in: number } & ResourceMembers;

/** GET /oauth/token_info: what the presented access token is good for. @see the Gusto seed, introspection.get_info */
export async function tokenInfo(authorization: string | undefined, deps: Deps): Promise<Result<TokenInfo>> {
  const bearer = readBearer(authorization);
  if (!bearer.ok) return bearer;
  const live = await inspectAccessToken(bearer.value, deps);
  if (live === undefined || !(await noteUse(live, deps))) return refuse("bearer_inactive");
  return ok({
    scope: formatScope(scopeOf(live.grant, live.variant)),
    ...resourceMembers(live.grant),
    expires_in: live.expiresAt - nowOf(deps.clock),
  });
}
