import { ok, refuse, type ClientId, type EpochSeconds, type Result, type TokenPointer } from "@symbolon/protocol";
import type { ReplayPolicy } from "../applications/application.ts";
import type { ServerEvent } from "../events.ts";
import { accessTokenExpiry } from "./access-token.ts";
import { unchanged, type Decision } from "./decision.ts";
import { hasExpired, idleEndAfterUse, isClientCredentialsGrant, type Grant } from "./grant.ts";
import { issuance, type Issuance } from "./issue.ts";
import { endGrant } from "./revoke.ts";
import { familyState, hasReplayWindowExpired, mayReplay, positionInFamily } from "./token-family.ts";
import { existedAt, narrowGrant, type GrantVariant, type Narrowing } from "./variants.ts";

export type RefreshRequest = {
  client: { id: ClientId; replay: ReplayPolicy };
  presented: TokenPointer;
  narrowing: Narrowing;
  /** Digest of `refresh_intent`. */
  intent: Uint8Array | undefined;
};

/** The time of the decision, and the idle lifetime that a use renews. */
type Timing = { now: EpochSeconds; idleSeconds: number };

/** A replay returns the same access token again while it has at least this much lifetime left. */
const minimumRepeatedLifetimeSeconds = 60;

/**
 * What a presented refresh token does to its grant, row by row as in refresh-tokens.md A3 and A7. Pure; the store runs
 * it under its write lock. A request that is refused before its position in the token family is known consumes and
 * revokes nothing.
 */
export function decideRefresh(
  grant: Grant | undefined,
  request: RefreshRequest,
  now: EpochSeconds,
  idleSeconds: number,
): Decision<Result<Issuance>> {
  const { client, presented, intent } = request;
  if (grant === undefined) return unchanged(refuse("grant_unknown"));
  if (isClientCredentialsGrant(grant)) return unchanged(refuse("grant_not_redeemed"));
  if (grant.state === "revoked") return unchanged(refuse("grant_revoked"));
  if (hasExpired(grant, now)) return unchanged(refuse("grant_expired"), { name: "grant.expired", grant: grant.id });
  if (grant.application !== client.id)
    return unchanged(refuse("binding_mismatch"), {
      name: "refresh.binding_mismatch",
      client: client.id,
      grant: grant.id,
    });
  const narrowed = narrowGrant(grant, request.narrowing, now);
  if (!narrowed.ok) return unchanged(narrowed);

  const timing = { now, idleSeconds };
  switch (positionInFamily(grant, presented)) {
    case "ahead":
      return catchUp(narrowed.value, request, timing);
    case "head":
      return rotate(narrowed.value, request, timing);
    case "predecessor":
      if (familyState(grant, client.replay, now) === "settling") return refuseLateRetry(grant);
      return mayReplay(grant, client.replay, intent, now)
        ? replaySuccessor(narrowed.value, client.replay, now)
        : revokeForReuse(grant, request, now);
    case "ancestor":
      return revokeForReuse(grant, request, now);
  }
}

/** Generation g is presented, g+1 is returned. */
function rotate(
  { grant, variant }: GrantVariant,
  { client, intent }: RefreshRequest,
  { now, idleSeconds }: Timing,
): Decision<Result<Issuance>> {
  const confirms = grant.confirmedAt === null && familyState(grant, client.replay, now) === "overlap";
  const write: Grant = {
    ...grant,
    generation: grant.generation + 1,
    generationIssuedAt: now,
    confirmedAt: null,
    replays: 0,
    intent: intent ?? null,
    idleExpiresAt: idleEndAfterUse(grant, now, idleSeconds),
  };
  const events: ServerEvent[] = replayWindowExpired(grant, client.replay, now);
  if (confirms) events.push({ name: "refresh.delivered", grant: grant.id, generation: grant.generation });
  events.push({ name: "refresh.rotated", client: grant.application, grant: grant.id, generation: write.generation });
  return { answer: { result: ok(issuance({ grant: write, variant }, now)), events }, write };
}

/** The row comes from an older backup: the MAC proves that this server issued the newer token. */
function catchUp(
  { grant, variant }: GrantVariant,
  request: RefreshRequest,
  timing: Timing,
): Decision<Result<Issuance>> {
  const { generation } = request.presented;
  const { now } = timing;
  const caughtUp: Grant = {
    ...grant,
    state: "active",
    offer: null,
    generation,
    generationIssuedAt: now,
    confirmedAt: now,
  };
  const { answer, ...change } = rotate({ grant: caughtUp, variant }, request, timing);
  const event: ServerEvent = { name: "grant.caught_up", grant: grant.id, from: grant.generation, to: generation };
  return { answer: { ...answer, events: [event, ...answer.events] }, ...change };
}

/**
 * The predecessor gets the same successor again (docs/decisions/0004-replay-until-first-use.md). The access token is
 * the same too, unless it is about to expire or an access token of this grant was revoked. Within its window the preset
 * `window` repeats the response byte for byte.
 */
function replaySuccessor(
  { grant, variant }: GrantVariant,
  policy: ReplayPolicy,
  now: EpochSeconds,
): Decision<Result<Issuance>> {
  const write: Grant = { ...grant, replays: grant.replays + 1 };
  const { generationIssuedAt } = grant;
  const kind = grant.variants[variant]!;
  const lifetimeLeftSeconds = accessTokenExpiry(write, kind, generationIssuedAt) - now;
  const repeatsToken =
    lifetimeLeftSeconds >= minimumRepeatedLifetimeSeconds &&
    !grant.hasRevokedTokens &&
    existedAt(kind, generationIssuedAt);
  const repeatsBody = repeatsToken && policy.preset === "window" && now < generationIssuedAt + policy.seconds;
  const issuedAt = repeatsToken ? generationIssuedAt : now;
  const event: ServerEvent = {
    name: "refresh.replayed",
    client: grant.application,
    grant: grant.id,
    generation: grant.generation,
    replays: write.replays,
  };
  const result = ok(issuance({ grant: write, variant }, issuedAt, repeatsBody ? issuedAt : now));
  return { answer: { result, events: [event] }, write };
}

const refuseLateRetry = ({ id, application, generation }: Grant): Decision<Result<Issuance>> =>
  unchanged(refuse("refresh_token_late_retry"), {
    name: "refresh.late_retry",
    client: application,
    grant: id,
    generation,
  });

/**
 * `delivered: false` in the event means that the successor was never used: a lost answer is then likelier than theft.
 */
function revokeForReuse(
  grant: Grant,
  { client, presented }: RefreshRequest,
  now: EpochSeconds,
): Decision<Result<Issuance>> {
  const detected: ServerEvent = {
    name: "refresh.reuse_detected",
    client: grant.application,
    grant: grant.id,
    presented: presented.generation,
    head: grant.generation,
    delivered: grant.confirmedAt !== null,
  };
  return endGrant(grant, "refresh_token_reuse", now, refuse("refresh_token_reuse"), [
    ...replayWindowExpired(grant, client.replay, now),
    detected,
  ]);
}

/** The end of a replay window is an event of the next refresh: nothing happens at the end itself. */
function replayWindowExpired(grant: Grant, policy: ReplayPolicy, now: EpochSeconds): ServerEvent[] {
  if (!hasReplayWindowExpired(grant, policy, now)) return [];
  return [
    {
      name: "refresh.window_closed",
      grant: grant.id,
      generation: grant.generation,
      delivered: grant.confirmedAt !== null,
    },
  ];
}
