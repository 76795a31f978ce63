import type { FreshTokens, RefreshOutcome } from "./provider.ts";
import { isOver, type DeathCause, type Evidence, type GrantRecord } from "./record.ts";
import { replayWindowMs } from "./decide.ts";

export type Failure = Exclude<RefreshOutcome, { kind: "tokens" }>;

/** What is known beside record and answer. `fraction` is random, from 0 up to 1. */
export type Circumstances = {
  serverNowMs: number;
  /** That time is by the provider's own `Date`. */
  dated: boolean;
  fraction: number;
  /** An earlier attempt under this intent was perhaps processed. */
  maybe: boolean;
  /** How long this process has watched the suspicion. */
  suspicionSeenMs: number;
  readsIntent: boolean;
  /** Of the client that was refused. */
  clientGeneration: number;
  /** The client's credentials are the ones that the pair was bought with, or have proved good since (B8). */
  clientKnown: boolean;
  /** Secrets that a description must not repeat. */
  secret: string;
};

export type Judged = { record: GrantRecord; event?: "ambiguous" | "suspect" | "dead" | undefined };

const confirmations = 3;
const confirmationApartMs = 200_000;
const suspicionLastsMs = 600_000;
const usualBackoffMs = 300_000;
const evidenceKept = 10;
/** Of a provider's `Retry-After`. */
export const longestPatienceMs = 900_000;

/** A pause drawn anew each time from 0 to its limit, which doubles (B10: full jitter). */
export const backoffMs = (streak: number, fraction: number, longestMs = longestBackoffMs(streak)): number =>
  100 + Math.ceil(Math.min(longestMs, 500 * 2 ** Math.min(streak, 20)) * fraction);

/** After hours without an answer, half an hour: nobody asks every few minutes for ever (B8). */
const longestBackoffMs = (streak: number): number =>
  Math.min(1_800_000, usualBackoffMs * 2 ** Math.max(0, (streak - 20) / 5));

/** The record after a failed attempt, its lease given back: B5, B8 and B3.2 as one function. */
export function judge(record: GrantRecord, failure: Failure, known: Circumstances): Judged {
  const after: GrantRecord = {
    ...record,
    lease: undefined,
    evidence: [...record.evidence, evidenceOf(record, failure, known)].slice(-evidenceKept),
  };
  if (isOver(record)) return { record: after };
  if (failure.kind === "refused")
    return failure.about === "grant" ? suspect(after, failure, known) : { record: settle(after, known.maybe) };

  const lost = failure.kind === "unknown" || known.maybe;
  const streak = record.streak + 1;
  const windowMs = known.readsIntent ? Infinity : replayWindowMs(record.class);
  // While a lost answer can still be had, its window is the budget.
  const longestMs = Math.min(longestBackoffMs(streak), lost ? windowMs / 6 : Infinity);
  const waitMs = Math.max(
    backoffMs(streak, known.fraction, longestMs),
    Math.min(failure.retryAfterMs || 0, longestPatienceMs, windowMs / 2),
  );
  const waiting = { ...settle(after, lost), streak, nextAttempt: { atMs: known.serverNowMs + waitMs, waitMs } };
  return { record: waiting, event: lost && record.state !== "ambiguous" ? "ambiguous" : undefined };
}

/** No longer refreshing. A refresh that was perhaps processed leaves its intent. */
function settle(record: GrantRecord, lost: boolean): GrantRecord {
  return lost
    ? { ...record, state: "ambiguous" }
    : { ...record, intent: undefined, state: record.suspicion ? "suspect" : "active" };
}

/**
 * `invalid_grant` is believed when it was said again and again, over ten minutes, to a client that is known to be
 * right.
 */
function suspect(record: GrantRecord, failure: Failure & { kind: "refused" }, known: Circumstances): Judged {
  const isSpend = record.class.kind === "strict" && !known.readsIntent;
  const generation = Math.max(known.clientGeneration, record.suspicion?.generation ?? 0);
  const { sinceMs, dated, refusals } =
    record.suspicion?.generation === generation
      ? record.suspicion
      : { sinceMs: known.serverNowMs, dated: known.dated, refusals: 0 };
  const lastedMs = Math.max(known.suspicionSeenMs, dated && known.dated ? known.serverNowMs - sinceMs : 0);
  const confirmed = refusals >= (isSpend ? 1 : confirmations) && lastedMs >= suspicionLastsMs;
  if (known.clientKnown && (failure.final || confirmed))
    return { record: bury(record, "refused", known.serverNowMs), event: "dead" };

  // A client that changed may be what is wrong: ask ever more rarely, and let nothing die of it.
  const apartMs = isSpend ? suspicionLastsMs : confirmationApartMs;
  const waitMs =
    apartMs * (1 + known.fraction / 10) * (refusals > confirmations ? 2 ** Math.min(refusals - confirmations, 8) : 1);
  const doubted: GrantRecord = {
    ...record,
    intent: undefined,
    state: "suspect",
    streak: 0,
    suspicion: { sinceMs, dated, refusals: refusals + 1, generation },
    nextAttempt: { atMs: known.serverNowMs + waitMs, waitMs },
  };
  return { record: doubted, event: record.suspicion ? undefined : "suspect" };
}

/** Dead, never deleted: a newer pair overwrites it. */
export const bury = (record: GrantRecord, cause: DeathCause, endedAtMs: number): GrantRecord => ({
  ...record,
  lease: undefined,
  intent: undefined,
  nextAttempt: undefined,
  state: "dead",
  cause,
  endedAtMs,
});

/** What a pair was bought with, and when. */
export type Purchase = {
  wallMs: number;
  offsetMs: number;
  fraction: number;
  clientGeneration: number;
  fence: number;
  forced?: true | undefined;
};

/** What outlives a pair: of a record, or of one that is to be. */
export type Bare = Pick<GrantRecord, "id" | "issuer" | "clientId" | "version" | "fence" | "class" | "evidence"> &
  Partial<GrantRecord>;

/** The record with a new pair, `sealed` for the next version. Everything that was held against the old one is over. */
export function rotate(
  record: Bare,
  sealed: string,
  { lifetimeSeconds: given = record.lifetimeSeconds || undefined, scope = record.scope }: Partial<FreshTokens>,
  bought: Purchase,
): GrantRecord {
  const { cause } = record;
  // JSON has neither Infinity nor NaN, whatever a provider of one's own answers.
  const lifetimeSeconds = given! < Infinity ? given : undefined;
  // The person or we ended it while the answer was on its way: what came is kept only to be revoked too.
  const replaced = record.state === "dead" && cause === "replaced";
  const ended = record.state === "revoking" || cause === "revoked";
  return {
    ...record,
    accessOnly: undefined,
    lease: undefined,
    intent: undefined,
    intentKey: undefined,
    nextAttempt: undefined,
    suspicion: undefined,
    endedAtMs: replaced ? record.endedAtMs : undefined,
    format: 1,
    version: record.version + 1,
    state: replaced ? "dead" : ended ? "revoking" : "active",
    cause: replaced || ended ? cause : undefined,
    current: sealed,
    previous: record.current,
    lifetimeSeconds,
    scope,
    streak: 0,
    issuedAt: { wallMs: bought.wallMs, offsetMs: bought.offsetMs },
    refreshAfterMs: lifetimeSeconds && refreshAfterMs(lifetimeSeconds, bought.fraction),
    clientGeneration: bought.clientGeneration,
    boughtUnder: bought.fence,
    forced: bought.forced,
  };
}

/** Between 80 and 95 % of the lifetime (B10). */
const refreshAfterMs = (lifetimeSeconds: number, fraction: number): number =>
  Math.floor(lifetimeSeconds * (800 + 150 * fraction));

function evidenceOf(
  { version }: GrantRecord,
  { code, status, description: said }: Failure & { description?: string },
  { serverNowMs, secret }: Circumstances,
): Evidence {
  return { atMs: serverNowMs, version, code, status, description: said?.replaceAll(secret, "…").slice(0, 200) };
}
