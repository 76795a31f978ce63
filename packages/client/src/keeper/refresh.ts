import { encodeBase64Url, Sealed } from "@symbolon/protocol";
import { keep, lookIntoSpool, storeHeld } from "./answer.ts";
import type { ClientGate } from "./clients.ts";
import { decide, mayReplay, replayWindowMs, type Ask } from "./decide.ts";
import { backoffMs, judge, type Failure, type Judged } from "./judge.ts";
import { about, factsOf, fraction, persistently, providerOf, serverNowMs, type Kit } from "./kit.ts";
import { conclude, hasTime, reread, takeLease, underLease, waitForLease, type Lease } from "./lease.ts";
import type { KeeperProvider, RefreshOutcome } from "./provider.ts";
import { openPair } from "./restore.ts";
import type { GrantRecord, TokenPair } from "./record.ts";
import { elapsedMs, momentOf, unchangedMs } from "./time.ts";

/** What came of it. `tried`: a request was sent, or must not be. */
export type Flown = { tried: boolean; bought?: number | undefined; gate?: ClientGate | undefined };

const triesUnderLease = 3;
/** From taking over another's refresh to repeating it, at least. */
const takeoverMs = 500;
/** Who holds a lease for longer, a second or so, may have died. */
const pollsOfTheLiving = 6;
/** Nobody waits under a lease for longer than this. */
const longestPauseMs = 2000;

/**
 * Refreshes a grant if it is due, whoever else is at it: waits for a holder who lives, takes over from one who died,
 * and leaves the record in a state that says what is known. One of these at a time runs in a process (kit.ts, `alone`).
 */
export async function refresh(kit: Kit, id: string, ask: Ask): Promise<Flown> {
  await storeHeld(kit, id);
  for (let polls = 0, looked = false; ;) {
    const found = await kit.grants.read(id);
    const provider = providerOf(kit, found.record);
    const facts = factsOf(kit, found, provider);
    const step = decide(found.record, facts, ask);
    // Somebody may have died after the answer had come.
    if (found.record.intent !== undefined && !looked && (step.do !== "wait" || polls > pollsOfTheLiving)) {
      looked = true;
      await lookIntoSpool(kit, id);
      continue;
    }
    if (step.do === "wait") {
      await waitForLease(kit, polls++);
      continue;
    }
    if (step.do === "mark_ambiguous") {
      await markAmbiguous(kit, found);
      continue;
    }
    if (step.do !== "spend") return { tried: false };

    const pair = await openPair(kit, found);
    if (pair === undefined) continue;
    const gate = await kit.clients.gate(provider, true);
    if (!gate.open) return { tried: true, gate };

    // Whatever is needed to seal the answer must be in memory before there is one.
    await kit.vault.seal("", "");
    const { record } = found;
    const asked = momentOf(kit.world);
    const lease = await takeLease(kit, found, provider, {
      state: record.state === "active" ? "refreshing" : record.state,
      // The window of a lost answer begins with the first attempt. Once it is over, an answer can only be to this one:
      // had an
      // earlier one been processed, this one ends the grant (simulate-keeper).
      intent:
        record.intent && mayReplay(record, facts) ? record.intent : { startedAtMs: serverNowMs(kit, record.issuer) },
      intentKey: provider.readsIntent ? (record.intentKey ?? encodeBase64Url(kit.world.random(18))) : undefined,
    });
    if (lease === undefined) continue;
    // A store that stood still for longer than a lease lets go of everybody at once: the holder that was taken for dead
    // may
    // have its answer in hand. It gets the time to store it; `send` looks again before anything is spent.
    if (record.intent !== undefined)
      await kit.world.sleep(Math.max(takeoverMs, 2 * elapsedMs(asked, momentOf(kit.world))));
    const sent = await send(kit, lease, pair, record.intent !== undefined, ask);
    if (sent !== undefined) return sent;
  }
}

/** Spends the token: the intent is in the store. Answers undefined where somebody else took the lease. */
async function send(kit: Kit, lease: Lease, spent: TokenPair, wasLost: boolean, ask: Ask): Promise<Flown | undefined> {
  const { world } = kit;
  const { provider } = lease;
  for (let tries = 1, maybe = wasLost; ; tries++) {
    if (!(await reread(kit, lease))) return undefined;
    const base = lease.found.record;
    if (base.state === "revoking")
      return (await conclude(kit, lease, (record) => record)) ? { tried: true } : undefined;
    const started = momentOf(world);
    const outcome = await post(kit, lease, spent);
    learn(kit, provider, outcome);
    if (outcome.kind === "tokens") {
      const bought = {
        wallMs: started.wallMs,
        offsetMs: kit.offsets.get(provider.issuer) ?? 0,
        fraction: fraction(world),
        clientGeneration: provider.clientGeneration,
        fence: base.fence,
        forced: ask.rejected === base.version || undefined,
      };
      const version = await keep(kit, { base, spent, tokens: outcome.tokens, started, bought });
      await kit.clients.report(provider, outcome).catch(() => undefined);
      return { tried: true, bought: version };
    }
    const failure: Failure = outcome;
    const isUnsent = failure.kind === "not_processed" && failure.status === undefined;
    const isReplayable =
      failure.kind === "unknown" &&
      mayReplay(base, {
        readsIntent: provider.readsIntent,
        intentSeenMs: unchangedMs(lease.found.sight, "intent", momentOf(world)),
      });
    const { retryAfterMs: patience = 0 }: { kind: string; retryAfterMs?: number } = failure;
    // Nobody may ask again before a window closes (simulate-keeper, seed 1709).
    const isRacing = isReplayable && replayWindowMs(base.class) < Infinity;
    if (
      (isUnsent || isReplayable) &&
      tries < triesUnderLease &&
      (base.streak === 0 || isRacing) &&
      patience <= longestPauseMs &&
      hasTime(kit, lease)
    ) {
      await world.sleep(Math.max(patience, backoffMs(tries, fraction(world))));
      maybe ||= failure.kind === "unknown";
      continue;
    }
    return believe(kit, lease, failure, spent, maybe);
  }
}

async function post(kit: Kit, lease: Lease, { refresh = "" }: TokenPair): Promise<RefreshOutcome> {
  const { intentKey } = lease.found.record;
  return (
    (await underLease(kit, lease, (signal) =>
      lease.provider.refresh({ refreshToken: new Sealed(refresh), intent: intentKey, signal }),
    )) ?? { kind: "unknown", code: "no_answer" }
  );
}

/** Writes down what a failed attempt means. */
async function believe(
  kit: Kit,
  lease: Lease,
  failure: Failure,
  spent: TokenPair,
  maybe: boolean,
): Promise<Flown | undefined> {
  const { provider } = lease;
  const { issuer, clientGeneration } = lease.found.record;
  const clientKnown = clientGeneration === provider.clientGeneration || (await kit.clients.isProven(provider));
  let judged: Judged | undefined;
  const isOurs = await persistently(kit, () =>
    conclude(kit, lease, (record) => {
      judged = judge(record, failure, {
        serverNowMs: serverNowMs(kit, issuer),
        dated: "clockOffsetMs" in failure,
        fraction: fraction(kit.world),
        maybe,
        clientKnown,
        clientGeneration: provider.clientGeneration,
        suspicionSeenMs: unchangedMs(lease.found.sight, "suspicion", momentOf(kit.world)),
        readsIntent: provider.readsIntent,
        secret: spent.refresh ?? "",
      });
      return judged.record;
    }),
  );
  const { record, event } = judged!;
  if (isOurs && event !== undefined)
    kit.emit({
      type: event,
      ...about(kit, record),
      cause: "refused",
      evidence: record.evidence,
      reconnectUrl: provider.reconnectUrl,
    });
  // What all know of the client is worth having, and no reason to hide what has become of the grant.
  await kit.clients.report(provider, failure).catch(() => undefined);
  if (!isOurs) return undefined;
  return { tried: true, gate: await kit.clients.gate(provider, false).catch(() => undefined) };
}

/** Somebody died over a refresh that must not be repeated yet: say so, and give their lease back. */
async function markAmbiguous(kit: Kit, found: { record: GrantRecord; revision: number }): Promise<void> {
  const marked: GrantRecord = { ...found.record, lease: undefined, state: "ambiguous", fence: found.record.fence + 1 };
  if (await kit.grants.change(found, marked))
    kit.emit({ type: "ambiguous", ...about(kit, marked), evidence: marked.evidence });
}

function learn({ offsets }: Kit, { issuer }: KeeperProvider, outcome: RefreshOutcome): void {
  const { clockOffsetMs: offsetMs }: { code?: string; clockOffsetMs?: number } =
    outcome.kind === "tokens" ? outcome.tokens : outcome;
  if (Number.isFinite(offsetMs)) offsets.set(issuer, offsetMs!);
}
