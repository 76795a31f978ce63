import { covers, ok, refuse, type EpochSeconds, type Result } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { Grant } from "../grants/grant.ts";
import { newGrantId } from "../grants/new-grant.ts";
import { numberOfVariant, type Narrowing } from "../grants/variants.ts";
import type { FormRequest } from "../request.ts";
import { issueAccessToken, lifeLeft, readNarrowing, type TokenResponse } from "./response.ts";

/** A standing grant ends when its application does; this is the last second of the year 9999. */
const never: EpochSeconds = 253_402_300_799;

/**
 * grant_type=client_credentials. One standing grant for each application and audience, so issuing a token writes
 * nothing once a narrowing has been seen. Never a refresh token.
 * @see RFC 6749 §4.4
 */
export async function clientCredentialsGrant(
  request: FormRequest,
  client: Application,
  deps: Deps,
): Promise<Result<TokenResponse>> {
  const now = nowOf(deps.clock);
  if (client.type !== "confidential") return refused(refuse("grant_type_not_allowed", "grant_type"), client, deps);
  const narrowing = await readNarrowing(request.form, client, deps);
  if (!narrowing.ok) return refused(narrowing, client, deps);
  const asked: Narrowing = {
    scope: narrowing.value.scope ?? client.scope,
    lifetimeSeconds: narrowing.value.lifetimeSeconds,
  };
  if (!covers(client.scope, asked.scope!)) return refused(refuse("scope_not_allowed", "scope"), client, deps);

  const audiences = narrowing.value.audiences ?? [];
  const standing = await deps.store.grants.standing(client.id, audiences, () =>
    newStandingGrant(client, audiences, asked, now, deps),
  );
  const found = numberOfVariant(standing, asked, now);
  if (!found.ok) return refused(found, client, deps);
  const isNew = found.value.variants !== standing.variants;
  const widened = isNew
    ? await addVariant(standing, asked, now, deps)
    : ok({ grant: standing, variant: found.value.number });
  if (!widened.ok) return refused(widened, client, deps);

  const { grant, variant } = widened.value;
  const serial = Buffer.from(deps.random(4)).readUInt32BE();
  deps.emit({ name: "token.issued", client: client.id, grant: grant.id, grantType: "client_credentials" });
  return ok(
    issueAccessToken({ grant, variant, issuedAt: now, expiresIn: lifeLeft(grant, variant, now, now) }, serial, deps),
  );
}

type Widened = Result<{ grant: Grant; variant: number }>;

/** The one write that a narrowing costs, the first time it is asked for. */
function addVariant(standing: Grant, asked: Narrowing, now: EpochSeconds, deps: Deps): Promise<Widened> {
  return deps.store.grants.change<Widened>(standing.id, (grant) => {
    if (grant?.state !== "active") return { answer: refuse("grant_revoked") };
    const found = numberOfVariant(grant, asked, now);
    if (!found.ok) return { answer: found };
    const write: Grant = { ...grant, variants: found.value.variants };
    return { answer: ok({ grant: write, variant: found.value.number }), write };
  });
}

const newStandingGrant = (
  client: Application,
  audiences: readonly string[],
  asked: Narrowing,
  now: EpochSeconds,
  deps: Deps,
): Grant => ({
  id: newGrantId(deps.clock, deps.random),
  application: client.id,
  owner: null,
  resource: null,
  scope: client.scope,
  audiences,
  variants: [{ scope: null, audiences: null, lifetimeSeconds: asked.lifetimeSeconds }],
  state: "active",
  generation: 0,
  generationIssuedAt: now,
  confirmedAt: null,
  replays: 0,
  intent: null,
  challenge: null,
  offer: null,
  expiresAt: never,
  idleExpiresAt: never,
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 0,
});

function refused<T>(refusal: Result<T> & { ok: false }, client: Application, deps: Deps): Result<T> & { ok: false } {
  deps.emit({ name: "token.refused", reason: refusal.reason, client: client.id });
  return refusal;
}
