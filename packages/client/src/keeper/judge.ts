import type { World } from "../world.ts";
import type { ClockOffsets } from "./clock-offsets.ts";
import type { DeathCause, Evidence } from "./errors.ts";
import type { FreshTokens, KeeperProvider, RefreshOutcome } from "./provider.ts";
import { isOver, replayWindowMs, type GrantRecord, type TokenPair } from "./record.ts";
import { backoffMs, longestBackoffMs, longestPatienceMs, randomFraction } from "./retry.ts";
import type { Moment } from "./time.ts";

// What the outcome of a refresh makes of a record: `judge` for a failure, `rotate` for an answer with tokens.

export type Failure = Exclude<RefreshOutcome, { kind: "tokens" }>;

/** What is known beside record and answer. */
export type Circumstances = {
  serverNowMs: number;
  /** `serverNowMs` is by the provider's own `Date`. */
  dated: boolean;
  /** Random, from 0 up to 1. */
  fraction: number;
  /** An earlier attempt under this intent was possibly processed. */
  mayBeProcessed: boolean;
  /** How long this process has observed the suspicion. */
  suspicionSeenMs: number;
  readsIntent: boolean;
  /** The generation of the client that was refused. */
  clientGeneration: number;
  /** The client's credentials are those that obtained the pair, or have obtained another one since (B8). */
  clientKnown: boolean;
  /** A secret that a description must not repeat. */
  secret: string;
};

export type Judged = { record: GrantRecord; event?: "ambiguous" | "suspect" | "dead" | undefined };

const confirmations = 3;
const confirmationApartMs = 200_000;
const suspicionLastsMs = 600_000;
const evidenceKept = 10;

/** The record after a failed attempt, its lease given back: B5, B8 and B3.2 as one function. */
export function judge(record: GrantRecord, failure: Failure, known: Circumstances): Judged {
  const after: GrantRecord = {
    ...record,
    lease: undefined,
    evidence: [...record.evidence, evidenceOf(record, failure, known)].slice(-evidenceKept),
  };
  if (isOver(record)) return { record: after };
  if (failure.kind !== "refused") return backOff(after, failure, known);
  if (failure.about === "grant") return judgeRefusedGrant(after, failure, known);
  return { record: endAttempt(after, known.mayBeProcessed) };
}

/** The provider has not answered: try again later, and soon enough to find a lost answer inside its window. */
function backOff(record: GrantRecord, failure: Exclude<Failure, { kind: "refused" }>, known: Circumstances): Judged {
  const isLost = failure.kind === "unknown" || known.mayBeProcessed;
  const streak = record.streak + 1;
  const windowMs = known.readsIntent ? Infinity : replayWindowMs(record.class);
  const longestMs = Math.min(longestBackoffMs(streak), isLost ? windowMs / 6 : Infinity);
  const waitMs = Math.max(
    backoffMs(streak, known.fraction, longestMs),
    Math.min(failure.retryAfterMs || 0, longestPatienceMs, windowMs / 2),
  );
  return {
    record: { ...endAttempt(record, isLost), streak, nextAttempt: { atMs: known.serverNowMs + waitMs, waitMs } },
    event: isLost && record.state !== "ambiguous" ? "ambiguous" : undefined,
  };
}

/** No longer refreshing. A refresh that was possibly processed keeps its intent. */
function endAttempt(record: GrantRecord, isLost: boolean): GrantRecord {
  return isLost
    ? { ...record, state: "ambiguous" }
    : { ...record, intent: undefined, state: record.suspicion ? "suspect" : "active" };
}

/** A grant is dead once `invalid_grant` was repeated over ten minutes to a client whose credentials are known good. */
function judgeRefusedGrant(record: GrantRecord, failure: Failure & { kind: "refused" }, known: Circumstances): Judged {
  const isSpend = record.class.kind === "strict" && !known.readsIntent;
  const generation = Math.max(known.clientGeneration, record.suspicion?.generation ?? 0);
  const { sinceMs, dated, refusals } =
    record.suspicion?.generation === generation
      ? record.suspicion
      : { sinceMs: known.serverNowMs, dated: known.dated, refusals: 0 };
  const lastedMs = Math.max(known.suspicionSeenMs, dated && known.dated ? known.serverNowMs - sinceMs : 0);
  const isConfirmed = refusals >= (isSpend ? 1 : confirmations) && lastedMs >= suspicionLastsMs;
  if (known.clientKnown && (failure.final || isConfirmed))
    return { record: markDead(record, "refused", known.serverNowMs), event: "dead" };

  // A changed client may be the reason: ask less and less often, and let no grant die of it.
  const apartMs = isSpend ? suspicionLastsMs : confirmationApartMs;
  const waitMs =
    apartMs * (1 + known.fraction / 10) * (refusals > confirmations ? 2 ** Math.min(refusals - confirmations, 8) : 1);
  const suspect: GrantRecord = {
    ...record,
    intent: undefined,
    state: "suspect",
    streak: 0,
    suspicion: { sinceMs, dated, refusals: refusals + 1, generation },
    nextAttempt: { atMs: known.serverNowMs + waitMs, waitMs },
  };
  return { record: suspect, event: record.suspicion ? undefined : "suspect" };
}

/** The record of an ended grant. It stays in the store: a newer pair replaces it. */
export const markDead = (record: GrantRecord, cause: DeathCause, endedAtMs: number): GrantRecord => ({
  ...record,
  lease: undefined,
  intent: undefined,
  nextAttempt: undefined,
  state: "dead",
  cause,
  endedAtMs,
});

function evidenceOf(
  { version }: GrantRecord,
  { code, status, ...failure }: Failure,
  { serverNowMs, secret }: Circumstances,
): Evidence {
  const description = "description" in failure ? failure.description : undefined;
  return { atMs: serverNowMs, version, code, status, description: description?.replaceAll(secret, "…").slice(0, 200) };
}

/** A good answer of a provider. */
export type Answer = {
  base: GrantRecord;
  /** The pair whose refresh token was sent. */
  spent: TokenPair;
  tokens: FreshTokens;
  origin: PairOrigin;
  /** When the request began, where this process sent it. */
  started?: Moment | undefined;
  /** What was written last: a retry recognises by it that a write which seemed to fail had happened. */
  sealed?: { version: number; text: string };
};

/** An answer that the store has not taken yet. */
export type HeldAnswer = Answer & { started: Moment };

/** When, and under which lease and client, a pair was requested. */
export type PairOrigin = {
  wallMs: number;
  offsetMs: number;
  /** Random, from 0 up to 1: draws the refresh point. */
  fraction: number;
  clientGeneration: number;
  /** The fencing token. */
  fence: number;
  forced?: true | undefined;
};

export const originOf = (
  { world, clockOffsets }: { world: World; clockOffsets: ClockOffsets },
  { issuer, clientGeneration }: KeeperProvider,
  { wallMs }: Moment,
  fence: number,
): PairOrigin => ({
  wallMs,
  offsetMs: clockOffsets.get(issuer) ?? 0,
  fraction: randomFraction(world),
  clientGeneration,
  fence,
});

/** What a record has before its first pair. */
export type RecordBase = Pick<GrantRecord, "id" | "issuer" | "clientId" | "version" | "fence" | "class" | "evidence"> &
  Partial<GrantRecord>;

/** The pair of an answer: what the answer leaves out stays as before (B3.5). */
export const pairOf = ({ spent, tokens }: Answer): TokenPair => ({
  access: tokens.accessToken.reveal(),
  refresh: tokens.refreshToken?.reveal() ?? spent.refresh,
});

/** The record with a new pair, `sealed` for the next version. Failures and refusals of the old pair are cleared. */
export function rotate(
  record: RecordBase,
  sealed: string,
  { lifetimeSeconds = record.lifetimeSeconds || undefined, scope = record.scope }: Partial<FreshTokens>,
  origin: PairOrigin,
): GrantRecord {
  const { cause } = record;
  // JSON has neither Infinity nor NaN, which a custom provider may answer.
  const finiteSeconds = lifetimeSeconds !== undefined && lifetimeSeconds < Infinity ? lifetimeSeconds : undefined;
  // The grant ended while the answer was on its way: the new pair is kept only to be revoked too.
  const isReplaced = record.state === "dead" && cause === "replaced";
  const isEnding = record.state === "revoking" || cause === "revoked";
  return {
    ...record,
    accessOnly: undefined,
    lease: undefined,
    intent: undefined,
    intentKey: undefined,
    nextAttempt: undefined,
    suspicion: undefined,
    endedAtMs: isReplaced ? record.endedAtMs : undefined,
    format: 1,
    version: record.version + 1,
    state: isReplaced ? "dead" : isEnding ? "revoking" : "active",
    cause: isReplaced || isEnding ? cause : undefined,
    current: sealed,
    previous: record.current,
    lifetimeSeconds: finiteSeconds,
    scope,
    streak: 0,
    issuedAt: { wallMs: origin.wallMs, offsetMs: origin.offsetMs },
    refreshAfterMs: finiteSeconds && refreshAfterMs(finiteSeconds, origin.fraction),
    clientGeneration: origin.clientGeneration,
    boughtUnder: origin.fence,
    forced: origin.forced,
  };
}

/** Between 80 and 95 % of the lifetime (B10). */
const refreshAfterMs = (lifetimeSeconds: number, fraction: number): number =>
  Math.floor(lifetimeSeconds * (800 + 150 * fraction));
