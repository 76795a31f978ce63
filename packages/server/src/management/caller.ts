import { ok, readBearer, refuse, type Reason, type Refusal, type Result, type Scope } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import { audiencesOf, scopeOf } from "../grants/variants.ts";
import { confirmUse, inspectAccessToken } from "../introspect/inspect.ts";
import { isManagementClient, managementResource, type ManagementScope } from "./access.ts";

/** A client of the management API, as its access token shows it. */
export type ManagementCaller = {
  client: Application;
  /** Of the token, and still of the client. */
  scope: Scope;
  /** The network that the request came from. */
  network: string;
};

/** What tells who sends a request. */
export type ManagementSender = { authorization: string | undefined; network: string; endpoint: string };

type AuthenticationDeps = Pick<Deps, "clock" | "config" | "emit" | "keyring" | "limiter" | "store">;

/**
 * Authenticates the caller by an access token that is active (the rules of introspection), that no user gave, and that
 * is for the management API alone. Refuses a token without the `needed` scope.
 * @see RFC 6750 §3.1, RFC 8707 §2, docs/decisions/0079-who-may-use-the-management-api.md
 */
export async function authenticateManagementCaller(
  sender: ManagementSender,
  needed: ManagementScope,
  deps: AuthenticationDeps,
): Promise<Result<ManagementCaller>> {
  const bearer = readBearer(sender.authorization);
  if (!bearer.ok) return countFailure(bearer, sender, deps);
  const active = await inspectAccessToken(bearer.value, deps);
  if (active === undefined || !(await confirmUse(active, deps)))
    return countFailure(refuse("bearer_inactive"), sender, deps);
  const { application: client, grant, variant } = active;
  const audiences = audiencesOf(grant, variant);
  const isForManagement = audiences.length === 1 && audiences[0] === managementResource(deps.config);
  if (grant.owner !== null || !isForManagement || !isManagementClient(client))
    return countFailure(refuse("management_token_required"), sender, deps);
  const retryAfterSeconds = deps.limiter.take("management_requests", client.id);
  if (retryAfterSeconds > 0) return refused({ ...refuse("client_too_fast"), retryAfterSeconds }, client, deps);
  const scope = scopeOf(grant, variant).filter((name) => client.scope.includes(name));
  if (!scope.includes(needed)) return refused(refuse("management_scope_missing"), client, deps);
  return ok({ client, scope, network: sender.network });
}

/**
 * Counts a request without a good token against its network. Only failures wait, so that a client with a good token is
 * never kept out by others (docs/decisions/0048-a-right-secret-always-passes.md).
 */
function countFailure(
  refusal: Refusal,
  { network, endpoint }: ManagementSender,
  deps: Pick<Deps, "limiter" | "emit">,
): Refusal {
  const wait = deps.limiter.take("management_failures", network);
  const answer = wait === 0 ? refusal : { ...refuse("client_too_fast" satisfies Reason), retryAfterSeconds: wait };
  return emitRefusal(answer, { name: "client.auth_failed", endpoint, network }, deps);
}

const refused = (refusal: Refusal, { id }: Application, deps: Pick<Deps, "emit">): Refusal =>
  emitRefusal(refusal, { name: "management.refused", client: id }, deps);
