import { covers, ok, refuse, type EpochSeconds, type Result } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import { decideAddVariant, newClientCredentialsGrant } from "../grants/client-credentials.ts";
import { changeGrant } from "../grants/decision.ts";
import { issuance } from "../grants/issue.ts";
import { newGrantId } from "../grants/new-grant.ts";
import { findOrAddVariant, type GrantVariant, type Narrowing } from "../grants/variants.ts";
import { isManagementClient, resolveManagementAudience } from "../management/access.ts";
import { parseNarrowing, resolveNarrowing, type RequestedNarrowing } from "../narrowing.ts";
import type { FormRequest } from "../request.ts";
import { accessTokenResponse, type TokenResponse } from "./response.ts";

/**
 * grant_type=client_credentials. There is one grant for each application and list of audiences, so issuing a token
 * writes nothing once a narrowing has been used. Never returns a refresh token.
 * @see RFC 6749 §4.4
 */
export async function clientCredentialsGrant(
  { form }: FormRequest,
  client: Application,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
): Promise<Result<TokenResponse>> {
  const now = nowOf(deps.clock);
  const event = { name: "token.refused", client: client.id } as const;
  if (client.type !== "confidential") return emitRefusal(refuse("grant_type_not_allowed", "grant_type"), event, deps);
  const requested = parseNarrowing(form, client, deps.config);
  if (!requested.ok) return emitRefusal(requested, event, deps);
  const narrowing = isManagementClient(client)
    ? resolveManagementNarrowing(requested.value, deps.config)
    : await resolveNarrowing(requested.value, deps);
  if (!narrowing.ok) return emitRefusal(narrowing, event, deps);
  const { scope = client.scope, audiences = [], lifetimeSeconds } = narrowing.value;
  if (!covers(client.scope, scope)) return emitRefusal(refuse("scope_not_allowed", "scope"), event, deps);

  const found = await findGrantVariant(client, audiences, { scope, lifetimeSeconds }, now, deps);
  if (!found.ok) return emitRefusal(found, event, deps);
  const { grant } = found.value;
  deps.emit({ name: "token.issued", client: client.id, grant: grant.id, grantType: "client_credentials" });
  const serial = Buffer.from(deps.random(4)).readUInt32BE();
  return ok(accessTokenResponse(issuance(found.value, now), serial, deps.keyring));
}

/** @see RFC 8707 §2, docs/decisions/0079-who-may-use-the-management-api.md */
function resolveManagementNarrowing(
  { scope, resources, lifetimeSeconds }: RequestedNarrowing,
  config: Deps["config"],
): Result<Narrowing> {
  const audiences = resolveManagementAudience(resources, config);
  return audiences.ok ? ok({ scope, audiences: audiences.value, lifetimeSeconds }) : audiences;
}

/** The client-credentials grant with the variant of the narrowing. Writes only if one of the two is new. */
async function findGrantVariant(
  client: Application,
  audiences: readonly string[],
  narrowing: Narrowing,
  now: EpochSeconds,
  deps: Pick<Deps, "store" | "clock" | "random" | "emit">,
): Promise<Result<GrantVariant>> {
  const grant = await deps.store.grants.findOrCreateClientCredentials(client.id, audiences, () =>
    newClientCredentialsGrant(newGrantId(deps.clock, deps.random), client, audiences, narrowing.lifetimeSeconds, now),
  );
  const found = findOrAddVariant(grant, narrowing, now);
  if (!found.ok || found.value.grant === grant) return found;
  return changeGrant(grant.id, (current) => decideAddVariant(current, narrowing, now), deps);
}
