/// <reference lib="esnext.disposable" preserve="true" />
import { encodeBase64Url, Sealed } from "@symbolon/protocol";
import { platformWorld } from "../edge.ts";
import type { World } from "../world.ts";
import { adopt, type AdoptOptions } from "./adopt.ts";
import { storeHeld } from "./answer.ts";
import { createClients } from "./clients.ts";
import { decide, type Ask } from "./decide.ts";
import { KeeperError, type KeeperErrorFacts, type KeeperResult } from "./errors.ts";
import { createEvents, type KeeperEvent } from "./events.ts";
import { grantFetch, type GrantFetch, type GrantFetchOptions } from "./fetch.ts";
import { Grants, guardStore } from "./grants.ts";
import { alone, factsOf, providerOf, type Kit } from "./kit.ts";
import type { FreshTokens, KeeperProvider } from "./provider.ts";
import { isOver, type GrantRecord } from "./record.ts";
import { refresh, type Flown } from "./refresh.ts";
import { openPair } from "./restore.ts";
import { beginRevoking, finishRevoking, revokeWhere, type Revoked } from "./revoke.ts";
import { explain, statusOf, type GrantStatus } from "./status.ts";
import type { KeeperStore } from "./store.ts";
import { recover, sweep, type Swept } from "./sweep.ts";
import { elapsedMs, lifeLeftMs, momentOf, wholeSeconds } from "./time.ts";
import { openVault, type Keys, type Vault } from "./vault.ts";

export type KeeperOptions = {
  /** One application at one provider, or several. */
  providers: KeeperProvider | readonly KeeperProvider[];
  store: KeeperStore;
  /** What wraps the data keys of the store; or a vault of one's own. */
  keys: Keys | Vault;
  /** A second place for pairs that `store` does not take, best on another disk. Without it they wait in memory. */
  spool?: KeeperStore;
  onEvent?(event: KeeperEvent): void;
  /** What this process is called in the leases that it holds, for whoever reads a record. */
  name?: string;
  world?: World;
};

export type TokenOptions = {
  /** Ends this call's wait, and nobody else's. */
  signal?: AbortSignal | undefined;
  /**
   * The token must live for so long; of more than four fifths of its whole life, so much is enough, or every call would
   * cost a refresh.
   */
  minimumLifeSeconds?: number;
  /**
   * The access token that a resource server answered with 401. If it is the grant's present one, it is refreshed, once.
   */
  rejected?: Sealed | string;
};

export type KeptToken = {
  accessToken: Sealed;
  version: number;
  /** Without it the provider has not said when it ends. */
  expiresInSeconds?: number | undefined;
  scope?: readonly string[] | undefined;
  /** Not in the store yet: if this process dies now, the grant may be lost. */
  volatile: boolean;
};

export type Keeper = {
  /**
   * Takes over the tokens of a consent. Rejects with "store_unavailable" where they were perhaps not stored: call it
   * again with the same tokens. If they had been, and the grant was refreshed since, nothing is put back; if it has
   * ended since, that is "ended". Known are the ten latest adoptions of a record that can be read; of one that is
   * damaged nothing is, and the tokens are taken.
   */
  adopt(id: string, tokens: FreshTokens, options?: AdoptOptions): Promise<void>;
  /** An access token that is alive, refreshed if that is due. Rejects with `KeeperError`. */
  token(id: string, options?: TokenOptions): Promise<KeptToken>;
  /** The same; expected failures are answers. */
  tryToken(id: string, options?: TokenOptions): Promise<KeeperResult<KeptToken>>;
  /** A `fetch` with this grant's token. */
  fetch: (id: string, options?: GrantFetchOptions) => GrantFetch;
  status(id: string): Promise<GrantStatus>;
  /** In words: how the grant is, why, and what will happen. */
  explain(id: string): Promise<string>;
  /** Every grant that can be read, dead ones too. */
  list(): AsyncIterable<GrantStatus>;
  /**
   * What happens from here on; ends when the keeper is closed. Who reads too slowly loses the oldest of more than
   * 1,000.
   */
  events: AsyncIterable<KeeperEvent>;
  /** Ends a grant, here at once and at the provider (RFC 7009). */
  revoke(id: string): Promise<Revoked>;
  /** Ends every grant that `isMeant`, for incidents: first all of them here, then at the provider. */
  revokeWhere(isMeant: (status: GrantStatus) => boolean): Promise<{ revoked: string[]; pending: string[] }>;
  /**
   * Wraps the data keys with `keys.current`; afterwards `keys.others` are needed no more. Where one is damaged, does
   * the others and then rejects, naming it.
   */
  rekey(): Promise<void>;
  /** At start: finishes what processes left that died, the most urgent first. */
  recover(options?: { signal?: AbortSignal }): Promise<Swept>;
  /** In the background, now and then: refreshes what is due, and goes on with whatever waits. */
  sweep(options?: { signal?: AbortSignal }): Promise<Swept>;
  /** Waits for the refreshes that run, and stores what is held. */
  drain(): Promise<void>;
  /** Takes no more calls, and drains. The store is the caller's. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Keeps grants alive: one refresh at a time among all processes on `store`, none of them ever lost (docs/keeper.md).
 */
export function createKeeper(options: KeeperOptions): Keeper {
  const kit = createKit(options);
  const { events, emit, close: closeEvents } = createEvents(options.onEvent);
  kit.emit = emit;
  let closed = false;

  async function find(
    id: string,
    { signal, minimumLifeSeconds = 0, rejected }: TokenOptions,
  ): Promise<KeeperResult<KeptToken>> {
    const refused = textOf(rejected);
    if (closed) return fail("closed", { id });
    const ask: Ask = { minimumLifeMs: minimumLifeSeconds * 1000 };
    let flown: Flown | undefined;
    let waited = 0;
    for (;;) {
      signal?.throwIfAborted();
      if (kit.held.has(id)) await alone(kit, id, () => storeHeld(kit, id));
      const found = await patiently(kit.grants.shared(id), signal);
      const { record } = found;
      const provider = providerOf(kit, record);
      // Of a grant that is over nobody gets anything.
      const pair = isOver(record) ? { access: "" } : (kit.grants.opened(record) ?? (await openPair(kit, found)));
      if (pair === undefined) continue;
      if (pair.access === refused) ask.rejected = record.version;
      const facts = factsOf(kit, found, provider);
      const step = decide(record, facts, ask);
      const flying = kit.flights.get(id);
      // Whoever has a good token does not wait for the one who fetches the next.
      if (step.do === "serve" || (step.do === "spend" && !step.urgent && flying !== undefined))
        return kept(pair.access, record.version, lifeLeftMs(record, facts.ageMs), record.scope, false);
      if (record.state === "revoking" && facts.waitLeftMs === 0 && !flown)
        await alone(kit, id, () => finishRevoking(kit, id)).catch(() => undefined);
      if (
        step.do === "refuse" &&
        step.code === "unavailable" &&
        !flown &&
        waited === 0 &&
        step.retryAfterMs! <= longestWaitMs
      ) {
        await kit.world.sleep((waited = step.retryAfterMs!), signal);
        continue;
      }
      if (step.do === "refuse")
        return fail(
          flown?.gate?.open === false ? flown.gate.code : step.code,
          whyNot(record, provider, flown?.gate?.open === false ? flown.gate.retryAfterMs : step.retryAfterMs),
        );
      if (closed) return fail("closed", { id });
      flown =
        (await patiently(
          (flying as Promise<Flown> | undefined) ?? alone(kit, id, () => refresh(kit, id, { ...ask })),
          signal,
        )) ?? flown;
      if (flown?.tried) Object.assign(ask, { tried: true, bought: flown.bought });
    }
  }

  async function tryToken(id: string, options: TokenOptions = {}): Promise<KeeperResult<KeptToken>> {
    try {
      return await find(id, options);
    } catch (error) {
      if (!(error instanceof KeeperError)) throw error;
      return (
        (error.code === "store_unavailable" && withoutStore(kit, id, textOf(options.rejected))) || { ok: false, error }
      );
    }
  }

  async function token(id: string, options?: TokenOptions): Promise<KeptToken> {
    const found = await tryToken(id, options);
    if (found.ok) return found.value;
    throw found.error;
  }

  const revoke = (id: string): Promise<Revoked> =>
    beginRevoking(kit, id).then((lives) => (lives ? alone(kit, id, () => finishRevoking(kit, id)) : "revoked"));

  async function* list(): AsyncGenerator<GrantStatus> {
    for await (const found of kit.grants.all()) yield statusOf(kit, found);
  }

  async function drain(): Promise<void> {
    await Promise.allSettled(kit.flights.values());
    const failed: unknown[] = [];
    for (const id of kit.held.keys()) await storeHeld(kit, id).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  }

  async function close(): Promise<void> {
    closed = true;
    try {
      // Whoever waited for a flight may have begun the next one.
      while (kit.flights.size > 0) await Promise.allSettled(kit.flights.values());
      await drain();
    } finally {
      closeEvents();
    }
  }

  return {
    async adopt(id, tokens, options = {}) {
      if (closed) throw new KeeperError("closed", { id });
      await adopt(kit, id, tokens, options);
    },
    token,
    tryToken,
    events,
    revoke,
    list,
    drain,
    close,
    revokeWhere: (isMeant) => revokeWhere(kit, list(), isMeant, revoke),
    fetch: (id, options) => grantFetch(token, id, options),
    status: async (id) => statusOf(kit, await kit.grants.read(id)),
    explain: async (id) => explain(statusOf(kit, await kit.grants.read(id))),
    rekey: () => kit.vault.rekey(),
    recover: (options = {}) => recover(kit, options.signal, () => closed),
    sweep: (options = {}) => sweep(kit, options.signal, () => closed),
    [Symbol.asyncDispose]: close,
  };
}

function createKit({ providers, store: given, keys, spool, name = "", world = platformWorld }: KeeperOptions): Kit {
  const store = guardStore(given);
  const vault = "seal" in keys ? keys : openVault(store, keys, world.random);
  const kit = {
    world,
    store,
    vault,
    spool: spool ? guardStore(spool) : store,
    providers: "refresh" in providers ? [providers] : providers,
    owner: `${name} ${encodeBase64Url(world.random(12))}`.trim(),
    held: new Map(),
    flights: new Map(),
    offsets: new Map(),
    emit: () => undefined,
  } as unknown as Kit;
  kit.grants = new Grants(kit);
  kit.clients = createClients(kit);
  return kit;
}

/** A caller without a token waits so long for the next attempt, once, rather than hear of it. */
const longestWaitMs = 10_000;

const textOf = (token: Sealed | string | undefined): string | undefined =>
  typeof token === "object" ? token.reveal() : token;

const fail = (code: KeeperError["code"], facts: KeeperErrorFacts): { ok: false; error: KeeperError } => ({
  ok: false,
  error: new KeeperError(code, facts),
});

const whyNot = (
  { id, cause, evidence }: GrantRecord,
  { reconnectUrl }: KeeperProvider,
  retryAfterMs: number | undefined,
): KeeperErrorFacts => ({
  id,
  evidence,
  ended: cause,
  reconnectUrl,
  retryAfterMs: retryAfterMs && Math.ceil(retryAfterMs),
});

/** What can be had while the store does not answer: a pair that it has not taken, or what memory has, if it lives. */
function withoutStore(kit: Kit, id: string, rejected: string | undefined): KeeperResult<KeptToken> | undefined {
  const answer = kit.held.get(id);
  const found = kit.grants.known(id);
  if (found !== undefined && isOver(found.record)) return undefined;
  if (answer !== undefined && answer.base.class.kind !== "lazy") {
    const {
      base,
      tokens: { accessToken, lifetimeSeconds = base.lifetimeSeconds, scope = base.scope },
    } = answer;
    const leftMs = lifeLeftMs({ lifetimeSeconds }, elapsedMs(answer.started!, momentOf(kit.world)));
    return leftMs > 0 && accessToken.reveal() !== rejected
      ? kept(accessToken.reveal(), base.version + 1, leftMs, scope, true)
      : undefined;
  }
  const pair = found && kit.grants.opened(found.record);
  if (found === undefined || pair === undefined || pair.access === rejected) return undefined;
  const { record } = found;
  const leftMs = lifeLeftMs(record, factsOf(kit, found, providerOf(kit, record)).ageMs);
  return leftMs > 0 ? kept(pair.access, record.version, leftMs, record.scope, false) : undefined;
}

const kept = (
  access: string,
  version: number,
  leftMs: number,
  scope: readonly string[] | undefined,
  volatile: boolean,
): KeeperResult<KeptToken> => ({
  ok: true,
  value: { accessToken: new Sealed(access), version, volatile, scope, expiresInSeconds: wholeSeconds(leftMs) },
});

/** The result, unless the caller's patience ends first: what runs goes on for the others (C-05). */
function patiently<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return running;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    signal.addEventListener("abort", leave);
    if (signal.aborted) leave();
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
