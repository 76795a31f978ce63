/// <reference lib="esnext.disposable" preserve="true" />
import { encodeBase64Url } from "@symbolon/protocol";
import { platformWorld } from "../edge.ts";
import { adopt, type AdoptableTokens, type AdoptOptions } from "./adopt.ts";
import { createClients } from "./clients.ts";
import { close, drain } from "./close.ts";
import type { KeeperContext, Revoked } from "./context.ts";
import { KeeperError, type KeeperResult } from "./errors.ts";
import { createEvents, type KeeperEvent } from "./events.ts";
import { explain } from "./explain.ts";
import { grantFetch, type GrantFetch, type GrantFetchOptions } from "./fetch.ts";
import { Grants } from "./grants.ts";
import { checkKeeperOptions, type KeeperOptions } from "./options.ts";
import { guardStore } from "./guard-store.ts";
import { listStatus } from "./list.ts";
import type { FreshTokens } from "./provider.ts";
import { recover } from "./recover.ts";
import { revoke, revokeWhere } from "./revoke.ts";
import { SingleFlight } from "./single-flight.ts";
import { statusOf, type GrantStatus } from "./status.ts";
import { sweep, type Swept } from "./sweep.ts";
import { tryToken, type KeptToken, type TokenOptions } from "./token.ts";
import { openVault } from "./vault.ts";

/** Keeps OAuth grants alive. Every method rejects with `KeeperError`, unless it says otherwise. */
export type Keeper = {
  /**
   * Takes over the tokens of a consent, as the client returned them. Tokens that your own database has in the clear
   * are passed as `sealTokens({ access_token, refresh_token, expires_at })`. Rejects with "store_unavailable" where
   * they were possibly not stored: call it again with the same tokens. If they had been stored and the grant was
   * refreshed since, nothing changes; if it has ended since, that rejects with "ended". The ten latest adoptions of a
   * grant are recognised, unless its record is damaged: then the tokens are taken.
   */
  adopt(id: string, tokens: FreshTokens | AdoptableTokens, options?: AdoptOptions): Promise<void>;
  /** A live access token, refreshed if that is due. */
  token(id: string, options?: TokenOptions): Promise<KeptToken>;
  /** The same; a `KeeperError` is a result. */
  tryToken(id: string, options?: TokenOptions): Promise<KeeperResult<KeptToken>>;
  /** A `fetch` that sends this grant's token. */
  fetch: (id: string, options?: GrantFetchOptions) => GrantFetch;
  /** The state of a grant, without its tokens. */
  status(id: string): Promise<GrantStatus>;
  /** In sentences: the state of the grant, the reason for it, and what happens next. */
  explain(id: string): Promise<string>;
  /** Every grant that can be read, dead ones too. */
  list(): AsyncIterable<GrantStatus>;
  /**
   * What happens from here on; ends when the keeper is closed. A reader more than 1,000 events behind loses the oldest.
   */
  events: AsyncIterable<KeeperEvent>;
  /** Ends a grant, here at once and at the provider (RFC 7009). */
  revoke(id: string): Promise<Revoked>;
  /** Ends every grant that `isMeant`, for incidents: first all of them here, then each at the provider. */
  revokeWhere(isMeant: (status: GrantStatus) => boolean): Promise<{ revoked: string[]; pending: string[] }>;
  /**
   * Wraps the data keys with `keys.current`; afterwards `keys.others` are not needed. Rejects if a data key is
   * damaged, and names it, after the others are done.
   */
  rekey(): Promise<void>;
  /** At start: finishes what dead processes left, the most urgent first. */
  recover(options?: { signal?: AbortSignal }): Promise<Swept>;
  /** In the background, now and then: refreshes what is due, and continues revocations and failed attempts. */
  sweep(options?: { signal?: AbortSignal }): Promise<Swept>;
  /** Waits for the refreshes that run, and stores the answers that are held. */
  drain(): Promise<void>;
  /** Accepts no more calls, and drains. Does not close the store. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type { KeeperOptions };

/** Keeps grants alive: one refresh at a time among all processes on `store`, and no pair is lost (docs/keeper.md). */
export function createKeeper(options: KeeperOptions): Keeper {
  checkKeeperOptions(options);
  const { events, emit, close: closeEvents } = createEvents(options.onEvent);
  let isClosed = false;
  const context = createContext(options, emit, () => isClosed);
  const closeKeeper = (): Promise<void> => {
    isClosed = true;
    return close(context).finally(closeEvents);
  };
  const token = async (id: string, options?: TokenOptions): Promise<KeptToken> => {
    const result = await tryToken(context, id, options);
    if (result.ok) return result.value;
    throw result.error;
  };
  const status = async (id: string): Promise<GrantStatus> => statusOf(context, await context.grants.read(id));
  return {
    async adopt(id, tokens, options = {}) {
      if (isClosed) throw new KeeperError("closed", { id });
      await adopt(context, id, tokens, options);
    },
    token,
    tryToken: (id, options) => tryToken(context, id, options),
    fetch: (id, options) => grantFetch(token, id, options),
    status,
    explain: async (id) => explain(await status(id)),
    list: () => listStatus(context),
    events,
    revoke: (id) => revoke(context, id),
    revokeWhere: (isMeant) => revokeWhere(context, isMeant),
    rekey: () => context.vault.rekey(),
    recover: ({ signal } = {}) => recover(context, signal),
    sweep: ({ signal } = {}) => sweep(context, signal),
    drain: () => drain(context),
    close: closeKeeper,
    [Symbol.asyncDispose]: closeKeeper,
  };
}

function createContext(
  { providers, store: given, keys, outbox, name = "", isGone, world = platformWorld }: KeeperOptions,
  emit: KeeperContext["emit"],
  isClosed: () => boolean,
): KeeperContext {
  const store = guardStore(given);
  const vault = "seal" in keys ? keys : openVault(store, keys, world.random);
  const basis = {
    world,
    store,
    vault,
    providers: "refresh" in providers ? [providers] : providers,
    clockOffsets: new Map<string, number>(),
    emit,
  };
  return {
    ...basis,
    outbox: outbox ? guardStore(outbox) : store,
    grants: new Grants(basis),
    clients: createClients(basis),
    owner: `${name} ${encodeBase64Url(world.random(12))}`.trim(),
    isGone: (owner) => isGone?.(owner.slice(0, -17)) === true,
    heldAnswers: new Map(),
    singleFlight: new SingleFlight(),
    isClosed,
  };
}
