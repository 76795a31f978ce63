import { encodeBase64Url, Sealed } from "@symbolon/protocol";
import { clockOffsetOf, noteClockOffset, serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext, RefreshAttempt } from "./context.ts";
import { decide, factsOf, mayReplay, type CallerNeeds } from "./decide.ts";
import { emitOf } from "./events.ts";
import type { StoredGrant } from "./grants.ts";
import { judge, originOf, type Failure } from "./judge.ts";
import { Lease } from "./lease.ts";
import { providerOf, type KeeperProvider, type RefreshOutcome } from "./provider.ts";
import { replayWindowMs, type GrantRecord, type TokenPair } from "./record.ts";
import { backoffMs, keepsChanging, mostPolls, mostRounds, pauseBeforePoll, randomFraction } from "./retry.ts";
import { deliverOutboxOf, storeHeldAnswer, storeTokens } from "./store-tokens.ts";
import { elapsedMs, momentOf, unchangedMs, type Moment } from "./time.ts";

const triesUnderLease = 3;
/** At least this long passes between taking over another process's refresh and repeating it. */
const takeoverMs = 500;
/** About a second: a holder that keeps its lease longer may have died. */
const pollsOfALivingHolder = 6;
/** No pause under a lease is longer. */
const longestPauseMs = 2000;

/**
 * Refreshes a grant if it is due: waits for a lease holder that lives, takes over from one that died, and leaves the
 * record in a state that says what is known. Runs within a task on the grant (single-flight.ts).
 */
export async function refresh(context: KeeperContext, id: string, needs: CallerNeeds): Promise<RefreshAttempt> {
  await storeHeldAnswer(context, id);
  for (let round = 0; round < mostRounds; round++) {
    const turn = await waitForTurn(context, id, needs);
    if (turn === undefined) return { tried: false };
    const gate = await context.clients.gate(turn.provider, id, true);
    if (!gate.open) return { tried: true, gate };
    const lease = await takeLeaseAndWriteIntent(context, turn);
    const sent = lease && (await send(context, lease, turn));
    const attempt = lease && sent && (await conclude(context, lease, sent, needs));
    if (attempt !== undefined) return attempt;
  }
  throw keepsChanging(id);
}

/** A grant that this process may refresh now. `mayReplay`: its open intent, if there is one, can be repeated. */
type Turn = { stored: StoredGrant; provider: KeeperProvider; pair: TokenPair; mayReplay: boolean };

/** Waits until no other process holds the lease. Undefined: there is nothing to refresh, or it must not be done now. */
async function waitForTurn(context: KeeperContext, id: string, needs: CallerNeeds): Promise<Turn | undefined> {
  let hasReadOutbox = false;
  for (let polls = 0; polls < mostPolls; polls++) {
    const stored = await context.grants.read(id);
    const provider = providerOf(context, stored.record);
    const facts = factsOf(context, stored);
    const step = decide(stored.record, facts, needs);
    const mayHaveDied = step.do !== "wait" || polls > pollsOfALivingHolder;
    if (stored.record.intent !== undefined && mayHaveDied && !hasReadOutbox) {
      // A holder that died may have put its answer there.
      hasReadOutbox = true;
      await deliverOutboxOf(context, id);
    } else if (step.do === "wait") {
      await pauseBeforePoll(context.world, polls);
    } else if (step.do === "mark_ambiguous") {
      await markAmbiguous(context, stored);
    } else if (step.do === "refresh") {
      const pair = await context.grants.pairOrRestore(stored);
      if (pair !== undefined) return { stored, provider, pair, mayReplay: mayReplay(stored.record, facts) };
    } else return undefined;
  }
  throw keepsChanging(id);
}

/** Takes the lease and writes the intent, in one write. Undefined: another process was first. */
async function takeLeaseAndWriteIntent(context: KeeperContext, turn: Turn): Promise<Lease | undefined> {
  const { world, vault } = context;
  const { stored, provider } = turn;
  const { record } = stored;
  // What sealing the answer needs must be in memory before there is an answer.
  await vault.seal("", "");
  const asked = momentOf(world);
  const lease = await Lease.take(context, stored, provider, {
    state: record.state === "active" ? "refreshing" : record.state,
    // The replay window begins with the first attempt. After it, an answer can only be to this attempt: an earlier one
    // that was processed would make this one end the grant.
    intent: record.intent && turn.mayReplay ? record.intent : { startedAtMs: serverNowMs(context, record.issuer) },
    intentKey: provider.readsIntent ? (record.intentKey ?? encodeBase64Url(world.random(18))) : undefined,
  });
  // Where the store stopped for longer than a lease, the former holder may have its answer in hand. It gets the time to
  // store it, and `send` reads the record again.
  if (lease !== undefined && record.intent !== undefined)
    await world.sleep(Math.max(takeoverMs, 2 * elapsedMs(asked, momentOf(world))));
  return lease;
}

type Sent = {
  /** As it was right before the request. */
  base: GrantRecord;
  pair: TokenPair;
  started: Moment;
  outcome: RefreshOutcome;
  /** An earlier attempt under this intent was possibly processed. */
  mayBeProcessed: boolean;
};

/** Sends the refresh token, again where that does no harm. Undefined: the lease is lost or the grant revoked. */
async function send(context: KeeperContext, lease: Lease, { stored, pair }: Turn): Promise<Sent | undefined> {
  const { world } = context;
  let mayBeProcessed = stored.record.intent !== undefined;
  for (let tries = 1; tries < triesUnderLease; tries++) {
    const sent = await sendOnce(context, lease, pair, mayBeProcessed);
    const pauseMs = sent && pauseBeforeRetryMs(context, lease, sent, tries);
    if (pauseMs === undefined) return sent;
    await world.sleep(pauseMs);
    mayBeProcessed ||= sent?.outcome.kind === "unknown";
  }
  return sendOnce(context, lease, pair, mayBeProcessed);
}

/** Reads the record again and sends one POST. */
async function sendOnce(
  context: KeeperContext,
  lease: Lease,
  pair: TokenPair,
  mayBeProcessed: boolean,
): Promise<Sent | undefined> {
  const isHeld = await lease.confirm();
  const base = lease.stored.record;
  const isRevoking = base.state === "revoking";
  if (isHeld && isRevoking) await lease.release((record) => ({ record }));
  if (!isHeld || isRevoking) return undefined;
  const started = momentOf(context.world);
  const refreshToken = new Sealed(pair.refresh ?? "");
  const outcome = (await lease.during((signal) =>
    lease.provider.refresh({ refreshToken, intent: base.intentKey, signal }),
  )) ?? { kind: "unknown", code: "no_answer" };
  noteClockOffset(context, lease.provider.issuer, clockOffsetOf(outcome));
  return { base, pair, started, outcome, mayBeProcessed };
}

/** How long to wait before sending again under the same lease; undefined: not at all. */
function pauseBeforeRetryMs(
  { world }: KeeperContext,
  lease: Lease,
  { base, outcome }: Sent,
  tries: number,
): number | undefined {
  if (outcome.kind === "tokens" || outcome.kind === "refused") return undefined;
  const intentSeenMs = unchangedMs(lease.stored.observation, "intent", momentOf(world));
  const isHarmless =
    outcome.kind === "unknown"
      ? mayReplay(base, { readsIntent: lease.provider.readsIntent, intentSeenMs })
      : outcome.status === undefined;
  // Inside a replay window earlier failures do not count: no later attempt may come before the window closes.
  const isUrgent = outcome.kind === "unknown" && replayWindowMs(base.class) < Infinity;
  const { retryAfterMs: patienceMs = 0 } = outcome;
  const isAllowed =
    isHarmless && (base.streak === 0 || isUrgent) && patienceMs <= longestPauseMs && lease.hasTimeForAnother();
  return isAllowed ? Math.max(patienceMs, backoffMs(tries, randomFraction(world))) : undefined;
}

/** Stores the tokens, or records the failure. Undefined: another process took the lease, and the record is its own. */
async function conclude(
  context: KeeperContext,
  lease: Lease,
  sent: Sent,
  { rejectedVersion }: CallerNeeds,
): Promise<RefreshAttempt | undefined> {
  const { outcome, base, pair: spent, started } = sent;
  const { provider } = lease;
  if (outcome.kind !== "tokens") return recordFailure(context, lease, outcome, sent);
  const forced = rejectedVersion === base.version || undefined;
  const origin = { ...originOf(context, provider, started, base.fence), forced };
  const version = await storeTokens(context, { base, spent, tokens: outcome.tokens, started, origin });
  await context.clients.report(provider, base.id, outcome).catch(() => undefined);
  return { tried: true, version };
}

/** Writes what a failed attempt means, gives the lease back and informs the circuit breaker of the client. */
async function recordFailure(
  context: KeeperContext,
  lease: Lease,
  failure: Failure,
  { pair, mayBeProcessed }: Sent,
): Promise<RefreshAttempt | undefined> {
  const { world, clients } = context;
  const { provider } = lease;
  const { clientGeneration, readsIntent, reconnectUrl } = provider;
  const { id, issuer, clientGeneration: known } = lease.stored.record;
  const clientKnown = known === clientGeneration || (await clients.isProven(provider));
  const judged = await lease.release((record) =>
    judge(record, failure, {
      serverNowMs: serverNowMs(context, issuer),
      dated: "clockOffsetMs" in failure,
      fraction: randomFraction(world),
      mayBeProcessed,
      clientKnown,
      clientGeneration,
      suspicionSeenMs: unchangedMs(lease.stored.observation, "suspicion", momentOf(world)),
      readsIntent,
      secret: pair.refresh ?? "",
    }),
  );
  if (judged?.event !== undefined) {
    const { record, event } = judged;
    emitOf(context, record, { type: event, cause: "refused", evidence: record.evidence, reconnectUrl });
  }
  // The breaker is worth informing, but its failure must not hide what has become of the grant.
  await clients.report(provider, id, failure).catch(() => undefined);
  return judged && { tried: true, gate: await clients.gate(provider, id, false).catch(() => undefined) };
}

/** A process died during a refresh that must not be repeated yet: writes that, and gives its lease back. */
async function markAmbiguous(context: KeeperContext, stored: StoredGrant): Promise<void> {
  const { record } = stored;
  const marked: GrantRecord = { ...record, lease: undefined, state: "ambiguous", fence: record.fence + 1 };
  if (await context.grants.write(stored, marked))
    emitOf(context, marked, { type: "ambiguous", evidence: marked.evidence });
}
