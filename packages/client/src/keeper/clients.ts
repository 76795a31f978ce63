import { parseJson } from "../parse-json.ts";
import type { World } from "../world.ts";
import { serverNowMs, type ClockOffsets } from "./clock-offsets.ts";
import type { KeeperEvent } from "./events.ts";
import type { KeeperProvider, RefreshOutcome } from "./provider.ts";
import { replayWindowMs } from "./record.ts";
import { backoffMs, longestPatienceMs, randomFraction } from "./retry.ts";
import type { KeeperStore } from "./store.ts";
import type { Vault } from "./vault.ts";

/**
 * The circuit breaker of one client at one provider, shared by all processes with the same credentials, for refreshes
 * only (B10). Each generation of a client has its own record, so that a wrong secret cannot stop the right one, nor be
 * taken for it. During `wait` nothing is sent; then one request at a time may try, and taking it starts the wait again.
 * Grants that failed leave that request to the others, so that one that is always refused does not stop them.
 */
type ClientRecord = {
  /** Failures in a row that came from the provider; of one grant several count as one until the breaker opens. */
  streak: number;
  /** Grants that failed since the last success, the latest last. */
  failed?: readonly string[];
  /** Another grant than the latest of them was turned away. */
  othersWait?: true | undefined;
  wait?: { atMs: number; waitMs: number } | undefined;
  /** The provider refused the client (B8). */
  paused?: true;
  /** A refresh has succeeded. */
  proven?: true | undefined;
};

export type ClientGate = { open: true } | { open: false; code: "paused" | "unavailable"; retryAfterMs: number };

const opensAt = 5;
const probeMs = 60_000;
const mostNoted = 50;

export type Clients = {
  /** Whether a request for the grant `id` may be sent. `take`: it will be. */
  gate(provider: KeeperProvider, id: string, take: boolean): Promise<ClientGate>;
  /** Notes what came of a request for `id`. Ignored where another process has changed the record meanwhile. */
  report(provider: KeeperProvider, id: string, outcome: RefreshOutcome): Promise<void>;
  /** Whether this client's credentials have brought tokens. */
  isProven(provider: KeeperProvider): Promise<boolean>;
};

type ClientsContext = {
  world: World;
  store: KeeperStore;
  vault: Vault;
  clockOffsets: ClockOffsets;
  emit(event: KeeperEvent): void;
};

export function createClients(context: ClientsContext): Clients {
  const { world, store, vault } = context;
  /** Since when this process has seen the present wait: a wrong wall clock must not make it endless. */
  const seen = new Map<string, { atMs: number; sinceMs: number }>();

  async function read({
    issuer,
    clientId,
    clientGeneration,
  }: KeeperProvider): Promise<{ key: string; revision: number; client: ClientRecord }> {
    const key = `c.${await vault.tag(JSON.stringify([issuer, clientId, clientGeneration]))}`;
    const entry = await store.read(key);
    // A damaged record does not stop the client.
    const client = (parseJson(entry?.value ?? "") as ClientRecord | null) ?? { streak: 0 };
    return { key, revision: entry?.revision ?? 0, client };
  }

  /** What is left of the wait, made longer by the part `more` of it. */
  function leftMs(key: string, wait: { atMs: number; waitMs: number }, more: number, issuer: string): number {
    const now = world.monotonicMs();
    const before = seen.get(key);
    const { sinceMs } = before?.atMs === wait.atMs ? before : { sinceMs: now };
    seen.set(key, { atMs: wait.atMs, sinceMs });
    return Math.max(0, wait.waitMs * (1 + more) + Math.min(wait.atMs - serverNowMs(context, issuer), sinceMs - now));
  }

  return {
    async gate(provider, id, take) {
      const { key, revision, client } = await read(provider);
      const { wait, failed = [], othersWait, paused } = client;
      if (!wait) return { open: true };
      // 0 for a grant that has not failed; from a half for the earliest failure towards 1.
      const turn = failed.indexOf(id) + 1;
      const retryAfterMs = leftMs(key, wait, othersWait ? turn / (turn + 1) : 0, provider.issuer);
      const shut: ClientGate = { open: false, code: paused ? "paused" : "unavailable", retryAfterMs };
      if (retryAfterMs > 0) {
        if (!othersWait && failed.at(-1) !== id)
          await store.write(key, revision, JSON.stringify({ ...client, othersWait: true }));
        return shut;
      }
      if (!take) return { open: true };
      const taken = {
        ...client,
        ...noted(client, id),
        othersWait: undefined,
        wait: { ...wait, atMs: serverNowMs(context, provider.issuer) },
      };
      return (await store.write(key, revision, JSON.stringify(taken))) === undefined
        ? { ...shut, retryAfterMs: wait.waitMs }
        : { open: true };
    },

    async report(provider, id, outcome) {
      const { issuer, clientId, clientGeneration } = provider;
      const { key, revision, client } = await read(provider);
      const fields = { issuer, clientId, atMs: serverNowMs(context, issuer) };
      const isRefusedClient = outcome.kind === "refused" && outcome.about === "client";
      const next = isRefusedClient
        ? { ...pausedBy(client, fields.atMs), ...noted(client, id) }
        : outcome.kind === "tokens" || outcome.kind === "refused"
          ? { streak: 0, proven: outcome.kind === "tokens" || client.proven }
          : failed(client, id, outcome, fields.atMs, replayWindowMs(provider.rotation));
      if (JSON.stringify(next) === JSON.stringify(client)) return;
      if ((await store.write(key, revision, JSON.stringify(next))) === undefined) return;
      if (isRefusedClient && !client.paused) context.emit({ type: "paused", ...fields, code: outcome.code });
      const wasPaused =
        client.paused ??
        (!client.proven &&
          next.proven &&
          (await read({ ...provider, clientGeneration: clientGeneration - 1 })).client.paused);
      if (wasPaused && !next.paused) context.emit({ type: "resumed", ...fields });
    },

    isProven: async (provider) => (await read(provider)).client.proven === true,
  };

  function pausedBy(client: ClientRecord, atMs: number): ClientRecord {
    const waitMs = client.paused ? Math.min(longestPatienceMs, (client.wait?.waitMs ?? 0) * 2) : probeMs;
    return { ...client, paused: true, wait: { atMs, waitMs } };
  }

  function failed(
    client: ClientRecord,
    id: string,
    { status, kind, retryAfterMs = 0 }: Exclude<RefreshOutcome, { kind: "tokens" | "refused" }>,
    atMs: number,
    windowMs: number,
  ): ClientRecord {
    // Certainly not sent: our own network failed, which says nothing about the provider.
    if (kind === "not_processed" && status === undefined) return client;
    const { wait } = client;
    const streak = client.streak + (wait || !client.failed?.includes(id) ? 1 : 0);
    // Some of the grants that wait may have lost an answer, which can be obtained again inside this window only.
    const waitMs = Math.max(
      Math.min(retryAfterMs, longestPatienceMs, windowMs / 2),
      streak < opensAt ? 0 : backoffMs(streak, (1 + randomFraction(world)) / 2, Math.min(probeMs, windowMs / 3)),
    );
    return { ...client, ...noted(client, id), streak, wait: waitMs > 0 ? { atMs, waitMs } : wait };
  }
}

/** `id` as the latest grant that failed. */
const noted = ({ failed = [] }: ClientRecord, id: string): { failed: readonly string[] } => ({
  failed: [...failed.filter((one) => one !== id), id].slice(-mostNoted),
});
