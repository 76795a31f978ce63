import { formatScope, ok, readBearer, refuse, type Result } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import { scopeOf } from "../grants/variants.ts";
import { confirmUse, inspectAccessToken } from "../introspect/inspect.ts";
import { resourceMembers, type ResourceMembers } from "../introspect/response.ts";

/** The members that Gusto answers, and the remaining lifetime in seconds. */
export type TokenInfo = { scope: string; expires_in: number } & ResourceMembers;

/** GET /oauth/token_info: what the presented access token gives access to (gusto-and-fitbit.md). */
export async function tokenInfo(
  authorization: string | undefined,
  deps: Pick<Deps, "clock" | "emit" | "keyring" | "store">,
): Promise<Result<TokenInfo>> {
  const bearer = readBearer(authorization);
  if (!bearer.ok) return bearer;
  const active = await inspectAccessToken(bearer.value, deps);
  if (active === undefined || !(await confirmUse(active, deps))) return refuse("bearer_inactive");
  return ok({
    scope: formatScope(scopeOf(active.grant, active.variant)),
    ...resourceMembers(active.grant),
    expires_in: active.expiresAt - nowOf(deps.clock),
  });
}
