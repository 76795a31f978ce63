import { covers, refuse, type EpochSeconds, type Reason, type Result, type TokenPointer } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { ServerEvent } from "../events.ts";
import type { Change } from "../store/contract.ts";
import { hasExpired, idleEndAfterUse, isStanding, type Grant } from "./grant.ts";
import { accessExpiry, hasWindowClosed, lineageState, mayReplay, placeInLineage } from "./lineage.ts";
import { revoked } from "./steps.ts";
import { coversAudiences, numberOfVariant, wasThere, type Narrowing } from "./variants.ts";

export type RefreshAsk = {
  client: Application;
  presented: TokenPointer;
  narrowing: Narrowing;
  intent: Uint8Array | undefined;
};

export type RefreshTurn = {
  turn: Result<{ grant: Grant; variant: number; issuedAt: EpochSeconds; expiresIn: number }>;
  events: ServerEvent[];
};

/** A replay hands out the same access token again while it has at least this much life left. */
const worthRepeatingSeconds = 60;

/**
 * What a presented refresh token does to its grant: refresh-tokens.md A3 and A7, row by row. Pure; the store runs it
 * under its write lock. A request that fails before its place in the lineage is known consumes nothing and revokes
 * nothing.
 */
export function decideRefresh(
  grant: Grant | undefined,
  ask: RefreshAsk,
  now: EpochSeconds,
  idleSeconds: number,
): Change<RefreshTurn> {
  if (grant === undefined) return stays("grant_unknown");
  if (isStanding(grant)) return stays("grant_not_redeemed");
  if (grant.state === "revoked") return stays("grant_revoked");
  if (hasExpired(grant, now)) return stays("grant_expired", { name: "grant.expired", grant: grant.id });
  if (grant.application !== ask.client.id)
    return stays("binding_mismatch", { name: "refresh.binding_mismatch", client: ask.client.id, grant: grant.id });
  if (ask.narrowing.scope !== undefined && !covers(grant.scope, ask.narrowing.scope))
    return stays("scope_wider_than_grant");
  if (ask.narrowing.audiences !== undefined && !coversAudiences(grant.audiences, ask.narrowing.audiences))
    return stays("resource_not_granted");
  const variant = numberOfVariant(grant, ask.narrowing, now);
  if (!variant.ok) return stays(variant.reason);

  const { replay } = ask.client;
  const widened: Widened = { grant: { ...grant, variants: variant.value.variants }, variant: variant.value.number };
  switch (placeInLineage(grant, ask.presented)) {
    case "ahead":
      return catchUp(widened, ask, now, idleSeconds);
    case "head":
      return advance(widened, ask, now, idleSeconds);
    case "predecessor":
      if (lineageState(grant, replay, now) === "settling") return straggle(grant);
      return mayReplay(grant, replay, ask.intent, now) ? giveAgain(widened, ask, now) : endForReuse(grant, ask, now);
    case "ancestor":
      return endForReuse(grant, ask, now);
  }
}

/** The grant with the variant that this request needs among its variants, and the number of that variant. */
type Widened = { grant: Grant; variant: number };

/** Generation g presented, g+1 answered. */
function advance(
  { grant, variant }: Widened,
  ask: RefreshAsk,
  now: EpochSeconds,
  idleSeconds: number,
): Change<RefreshTurn> {
  const provesDelivery = grant.confirmedAt === null && lineageState(grant, ask.client.replay, now) === "overlap";
  const write: Grant = {
    ...grant,
    generation: grant.generation + 1,
    generationIssuedAt: now,
    confirmedAt: null,
    replays: 0,
    intent: ask.intent ?? null,
    idleExpiresAt: idleEndAfterUse(grant, now, idleSeconds),
  };
  const events: ServerEvent[] = windowClosed(grant, ask, now);
  if (provesDelivery) events.push({ name: "refresh.delivered", grant: grant.id, generation: grant.generation });
  events.push({ name: "refresh.rotated", client: grant.application, grant: grant.id, generation: write.generation });
  return answer(write, variant, now, now, events);
}

/** The database was restored from an older backup: the MAC proves that we issued what is presented. */
function catchUp(
  { grant, variant }: Widened,
  ask: RefreshAsk,
  now: EpochSeconds,
  idleSeconds: number,
): Change<RefreshTurn> {
  const { generation } = ask.presented;
  const step = advance(
    {
      grant: { ...grant, state: "active", offer: null, generation, generationIssuedAt: now, confirmedAt: now },
      variant,
    },
    ask,
    now,
    idleSeconds,
  );
  step.answer.events.unshift({ name: "grant.caught_up", grant: grant.id, from: grant.generation, to: generation });
  return step;
}

/**
 * The same successor again (docs/decisions/0004-replay-until-first-use.md). The access token is the same too, unless
 * its end is near or one of this grant was revoked singly. Inside its window the `window` preset repeats the body to
 * the byte.
 */
function giveAgain({ grant, variant }: Widened, ask: RefreshAsk, now: EpochSeconds): Change<RefreshTurn> {
  const write: Grant = { ...grant, replays: grant.replays + 1 };
  const end = accessExpiry(write, write.variants[variant]!, grant.generationIssuedAt);
  const couldBeThen = wasThere(write.variants[variant]!, grant.generationIssuedAt);
  const isWorthRepeating = end - now >= worthRepeatingSeconds && !grant.hasRevokedTokens && couldBeThen;
  const issuedAt = isWorthRepeating ? grant.generationIssuedAt : now;
  const { replay } = ask.client;
  const repeatsBody = isWorthRepeating && replay.preset === "window" && now < grant.generationIssuedAt + replay.seconds;
  const events: ServerEvent[] = [
    {
      name: "refresh.replayed",
      client: grant.application,
      grant: grant.id,
      generation: grant.generation,
      replays: write.replays,
    },
  ];
  return answer(write, variant, issuedAt, repeatsBody ? issuedAt : now, events);
}

function straggle(grant: Grant): Change<RefreshTurn> {
  return stays("refresh_token_late_retry", {
    name: "refresh.late_retry",
    client: grant.application,
    grant: grant.id,
    generation: grant.generation,
  });
}

function windowClosed(grant: Grant, ask: RefreshAsk, now: EpochSeconds): ServerEvent[] {
  if (!hasWindowClosed(grant, ask.client.replay, now)) return [];
  return [
    {
      name: "refresh.window_closed",
      grant: grant.id,
      generation: grant.generation,
      delivered: grant.confirmedAt !== null,
    },
  ];
}

/** `delivered: false` tells the alarm that nobody ever used the successor: a lost answer is then the likelier story. */
function endForReuse(grant: Grant, ask: RefreshAsk, now: EpochSeconds): Change<RefreshTurn> {
  const { events, ...change } = revoked(grant, "refresh_token_reuse", now);
  const detected: ServerEvent = {
    name: "refresh.reuse_detected",
    client: grant.application,
    grant: grant.id,
    presented: ask.presented.generation,
    head: grant.generation,
    delivered: grant.confirmedAt !== null,
  };
  return {
    answer: { turn: refuse("refresh_token_reuse"), events: [...windowClosed(grant, ask, now), detected, ...events] },
    ...change,
  };
}

/** `countedFrom`: the moment from which `expires_in` counts. */
function answer(
  write: Grant,
  variant: number,
  issuedAt: EpochSeconds,
  countedFrom: EpochSeconds,
  events: ServerEvent[],
): Change<RefreshTurn> {
  const expiresIn = accessExpiry(write, write.variants[variant]!, issuedAt) - countedFrom;
  return { answer: { turn: { ok: true, value: { grant: write, variant, issuedAt, expiresIn } }, events }, write };
}

const stays = (reason: Reason, ...events: ServerEvent[]): Change<RefreshTurn> => ({
  answer: { turn: refuse(reason), events },
});
