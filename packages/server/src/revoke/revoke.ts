import { ok, refuse, type EpochSeconds, type Result, type TokenPointer } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { authenticateApplication } from "../clients/authenticate.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { ServerEvent } from "../events.ts";
import type { Grant } from "../grants/grant.ts";
import { accessExpiry, judgeAccess } from "../grants/lineage.ts";
import { fingerprintOf } from "../grants/new-grant.ts";
import { decideRevoke, delivered } from "../grants/steps.ts";
import type { FormRequest } from "../request.ts";
import type { Change } from "../store/contract.ts";

type Revocation = { events: ServerEvent[] };

/**
 * POST /oauth/revoke. A refresh token ends its grant, an access token ends itself; what is unknown, foreign or already
 * dead is a success too. `token_type_hint` is ignored. Answers only after the write is durable.
 * @see RFC 7009 §2
 */
export async function revoke(request: FormRequest, deps: Deps): Promise<Result<null>> {
  const client = await authenticateApplication(request, deps);
  if (!client.ok) return client;
  const token = request.form.get("token");
  if (token === undefined) return refuse("parameter_missing", "token");
  const now = nowOf(deps.clock);

  const refresh = deps.keyring.read("refresh", token);
  const access = refresh === undefined ? deps.keyring.read("access", token) : undefined;
  const { grants } = deps.store;
  if (refresh !== undefined) {
    const { events } = await grants.change(refresh.grantId, (grant) => endGrant(grant, client.value, now));
    events.forEach(deps.emit);
  } else if (access !== undefined) {
    const fingerprint = fingerprintOf(token);
    const { events } = await grants.change(access.grantId, (grant) =>
      endAccessToken(grant, access, fingerprint, client.value, now),
    );
    events.forEach(deps.emit);
  }
  return ok(null);
}

function endGrant(grant: Grant | undefined, client: Application, now: EpochSeconds): Change<Revocation> {
  if (grant?.application !== client.id) return { answer: { events: [] } };
  return decideRevoke("revoked_by_client", now)(grant);
}

/**
 * How far two clocks may disagree, each wrong by a day (faults.md R-19): what has expired here may be good on another
 * server.
 */
const clocksDisagreeSeconds = 2 * 86_400;
/** Dead now, and perhaps not for ever: by a clock, or because a restored backup does not know the narrowing yet. */
const mayReturn: ReadonlySet<string> = new Set(["expired", "grant_expired", "variant_unknown"]);

/**
 * Who gives a token back has received it, so its generation is delivered. The fingerprint goes into a small table until
 * no clock can take the token for good any more; a flag on the row says to look there.
 */
function endAccessToken(
  grant: Grant | undefined,
  pointer: TokenPointer,
  fingerprint: Uint8Array,
  client: Application,
  now: EpochSeconds,
): Change<Revocation> {
  if (grant?.application !== client.id) return { answer: { events: [] } };
  const verdict = judgeAccess(grant, pointer, client.replay, now);
  if (!verdict.active && !mayReturn.has(verdict.because)) return { answer: { events: [] } };
  const variant = grant.variants[pointer.variant];
  const expiresAt = variant === undefined ? grant.expiresAt : accessExpiry(grant, variant, pointer.issuedAt);
  const until = expiresAt + clocksDisagreeSeconds;
  if (now >= until) return { answer: { events: [] } };
  const isProof = verdict.active && verdict.proves !== undefined;
  const seen = isProof ? delivered(grant, verdict.proves!, pointer.issuedAt, now) : { write: grant, events: [] };
  return {
    answer: { events: [...seen.events, { name: "token.revoked", client: client.id, grant: grant.id }] },
    write: { ...seen.write, hasRevokedTokens: true },
    revokedToken: { fingerprint, until },
    feed: { at: now, until: expiresAt, kind: "token", hash: fingerprint },
  };
}
