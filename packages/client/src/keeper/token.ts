import { Sealed } from "@symbolon/protocol";
import type { KeeperContext, RefreshAttempt } from "./context.ts";
import { decide, factsOf } from "./decide.ts";
import { KeeperError, type KeeperErrorFacts, type KeeperResult } from "./errors.ts";
import { providerOf, type KeeperProvider } from "./provider.ts";
import { isOver, type GrantRecord } from "./record.ts";
import { refresh } from "./refresh.ts";
import { keepsChanging, mostRounds } from "./retry.ts";
import { finishRevoking } from "./revoke.ts";
import { storeHeldAnswer } from "./store-tokens.ts";
import { elapsedMs, lifeLeftMs, momentOf, wholeSeconds } from "./time.ts";

export type TokenOptions = {
  /** Ends the wait of this call only. */
  signal?: AbortSignal | undefined;
  /**
   * The least remaining life of the token. Of more than four fifths of the token's lifetime, four fifths are enough, or
   * every call would cost a refresh.
   */
  minimumLifeSeconds?: number | undefined;
  /** The access token that a resource server answered with 401. If it is the grant's latest, it is refreshed, once. */
  rejected?: Sealed | string | undefined;
};

export type KeptToken = {
  /** Send it as a bearer token. */
  accessToken: Sealed;
  /** Counts the token pairs of the grant. */
  version: number;
  /** Undefined if the provider gave no lifetime. */
  expiresInSeconds?: number | undefined;
  /** The granted scopes, where the provider named them. */
  scope?: readonly string[] | undefined;
  /** Not in the store yet: if this process dies now, the grant may be lost. */
  volatile: boolean;
};

/** A caller without a token waits at most this long, once, for the next attempt; if it is later, the call fails. */
const longestWaitMs = 10_000;

/** A live access token, refreshed if that is due. Expected failures are results. */
export async function tryToken(
  context: KeeperContext,
  id: string,
  options: TokenOptions = {},
): Promise<KeeperResult<KeptToken>> {
  const rejected = typeof options.rejected === "object" ? options.rejected.reveal() : options.rejected;
  try {
    return { ok: true, value: await findToken(context, id, rejected, options) };
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    const value = error.code === "store_unavailable" ? tokenInMemory(context, id, rejected) : undefined;
    return value ? { ok: true, value } : { ok: false, error };
  }
}

async function findToken(
  context: KeeperContext,
  id: string,
  rejected: string | undefined,
  { signal, minimumLifeSeconds = 0 }: TokenOptions,
): Promise<KeptToken> {
  const { world, grants, heldAnswers, singleFlight } = context;
  if (context.isClosed()) throw new KeeperError("closed", { id });
  let attempt: RefreshAttempt | undefined;
  let rejectedVersion: number | undefined;
  let hasWaited = false;
  for (let round = 0; round < mostRounds; round++) {
    signal?.throwIfAborted();
    if (heldAnswers.has(id)) await singleFlight.run(id, () => storeHeldAnswer(context, id));
    const stored = await untilAborted(grants.readShared(id), signal);
    const { record } = stored;
    const provider = providerOf(context, record);
    // Ended grants return no token.
    const pair = isOver(record)
      ? { access: "" }
      : (grants.pairInMemory(record) ?? (await grants.pairOrRestore(stored)));
    if (pair === undefined) continue;
    if (pair.access === rejected) rejectedVersion = record.version;

    const needs = {
      rejectedVersion,
      minimumLifeMs: minimumLifeSeconds * 1000,
      hasTried: attempt?.tried,
      refreshedVersion: attempt?.version,
    };
    const facts = factsOf(context, stored);
    const step = decide(record, facts, needs);
    const running = singleFlight.running(id);
    // A caller whose token is still good does not wait for the refresh that already runs.
    if (step.do === "serve" || (step.do === "refresh" && !step.urgent && running !== undefined))
      return keptToken(pair.access, record, lifeLeftMs(record, facts.ageMs));
    if (record.state === "revoking" && facts.waitLeftMs === 0 && attempt === undefined)
      await singleFlight.run(id, () => finishRevoking(context, id)).catch(() => undefined);
    if (step.do === "refuse") {
      const canWait = step.code === "unavailable" && step.retryAfterMs <= longestWaitMs;
      if (!canWait || hasWaited || attempt !== undefined) throw refusalOf(record, provider, attempt, step);
      hasWaited = true;
      await world.sleep(step.retryAfterMs, signal);
      continue;
    }
    if (context.isClosed()) throw new KeeperError("closed", { id });
    const task = running ?? singleFlight.run(id, () => refresh(context, id, needs));
    const ended = await untilAborted(task, signal);
    if (typeof ended === "object") attempt = ended.tried || !attempt?.tried ? ended : { ...attempt, gate: undefined };
  }
  throw keepsChanging(id);
}

/** The token that memory has while the store does not answer: of an answer that it has not taken, or an earlier one. */
function tokenInMemory(context: KeeperContext, id: string, rejected: string | undefined): KeptToken | undefined {
  const answer = context.heldAnswers.get(id);
  const stored = context.grants.inMemory(id);
  if (stored !== undefined && isOver(stored.record)) return undefined;
  if (answer !== undefined && answer.base.class.kind !== "lazy") {
    const { base, tokens, started } = answer;
    const { accessToken, lifetimeSeconds = base.lifetimeSeconds, scope = base.scope } = tokens;
    const leftMs = lifeLeftMs({ lifetimeSeconds }, elapsedMs(started, momentOf(context.world)));
    const access = accessToken.reveal();
    const isUsable = leftMs > 0 && access !== rejected;
    return isUsable ? keptToken(access, { version: base.version + 1, scope }, leftMs, true) : undefined;
  }
  const pair = stored && context.grants.pairInMemory(stored.record);
  if (stored === undefined || pair === undefined || pair.access === rejected) return undefined;
  const { record } = stored;
  const leftMs = lifeLeftMs(record, factsOf(context, stored).ageMs);
  return leftMs > 0 ? keptToken(pair.access, record, leftMs) : undefined;
}

const keptToken = (
  access: string,
  { version, scope }: Pick<GrantRecord, "version" | "scope">,
  leftMs: number,
  volatile = false,
): KeptToken => ({ accessToken: new Sealed(access), version, volatile, scope, expiresInSeconds: wholeSeconds(leftMs) });

/** Why there is no token: the client's circuit breaker after this call's attempt, or the grant's own state. */
function refusalOf(
  { id, cause, evidence }: GrantRecord,
  { reconnectUrl }: KeeperProvider,
  attempt: RefreshAttempt | undefined,
  step: { code: KeeperError["code"]; retryAfterMs?: number },
): KeeperError {
  const { code, retryAfterMs } = attempt?.gate?.open === false ? attempt.gate : step;
  const facts: KeeperErrorFacts = { id, evidence, ended: cause, reconnectUrl };
  return new KeeperError(code, { ...facts, retryAfterMs: retryAfterMs && Math.ceil(retryAfterMs) });
}

/** The result, unless the signal is aborted first; the work goes on for the other callers (C-05). */
function untilAborted<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return running;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
