import { replayWindowMs } from "./decide.ts";
import { backoffMs, longestPatienceMs, type Failure } from "./judge.ts";
import { fraction, serverNowMs, type Kit } from "./kit.ts";
import type { KeeperProvider, RefreshOutcome } from "./provider.ts";
import { parseJson } from "../parse-json.ts";

/**
 * What all processes with these credentials know of one client at one provider, for refreshing alone: sign-ins have
 * their own fate (B10). Another generation has a record of its own, so that nobody's wrong secret stops, or hides
 * behind, a right one. While `wait` runs, nothing is sent; then one request at a time may try, and whoever takes it
 * begins the wait anew.
 */
type ClientRecord = {
  /** Failures in a row that came from the provider. */
  streak: number;
  wait?: { atMs: number; waitMs: number } | undefined;
  /** The provider refused the client (B8). */
  paused?: true;
  /** A refresh has succeeded. */
  proven?: true | undefined;
};

export type ClientGate = { open: true } | { open: false; code: "paused" | "unavailable"; retryAfterMs: number };

const opensAt = 5;
const probeMs = 60_000;

export type Clients = {
  /** Whether something may be sent. `take` says that it will be. */
  gate(provider: KeeperProvider, take: boolean): Promise<ClientGate>;
  /** What came of it. One who is late or slower than another is not heard. */
  report(provider: KeeperProvider, outcome: RefreshOutcome): Promise<void>;
  /** Whether this client's credentials have brought tokens. */
  isProven(provider: KeeperProvider): Promise<boolean>;
};

export function createClients(kit: Kit): Clients {
  const { world, store, vault } = kit;
  /** Since when this process has seen the present wait: a wrong wall clock must not make it endless. */
  const seen = new Map<string, { atMs: number; sinceMs: number }>();

  async function read({
    issuer,
    clientId,
    clientGeneration,
  }: KeeperProvider): Promise<{ key: string; revision: number; client: ClientRecord }> {
    const key = `c.${await vault.tag(JSON.stringify([issuer, clientId, clientGeneration]))}`;
    const entry = await store.read(key);
    // One that is damaged holds nobody back.
    const client = (parseJson(entry?.value ?? "") as ClientRecord | null) ?? { streak: 0 };
    return { key, revision: entry?.revision ?? 0, client };
  }

  function leftMs(key: string, wait: { atMs: number; waitMs: number }, issuer: string): number {
    const now = world.monotonicMs();
    if (seen.get(key)?.atMs !== wait.atMs) seen.set(key, { atMs: wait.atMs, sinceMs: now });
    return Math.max(
      0,
      Math.min(wait.atMs + wait.waitMs - serverNowMs(kit, issuer), seen.get(key)!.sinceMs + wait.waitMs - now),
    );
  }

  return {
    async gate(provider, take) {
      const { key, revision, client } = await read(provider);
      if (!client.wait) return { open: true };
      const retryAfterMs = leftMs(key, client.wait, provider.issuer);
      const shut: ClientGate = { open: false, code: client.paused ? "paused" : "unavailable", retryAfterMs };
      if (retryAfterMs > 0) return shut;
      if (!take) return { open: true };
      const taken = { ...client, wait: { ...client.wait, atMs: serverNowMs(kit, provider.issuer) } };
      return (await store.write(key, revision, JSON.stringify(taken))) === undefined
        ? { ...shut, retryAfterMs: client.wait.waitMs }
        : { open: true };
    },

    async report(provider, outcome) {
      const { issuer, clientId, clientGeneration } = provider;
      const { key, revision, client } = await read(provider);
      const about = { issuer, clientId, atMs: serverNowMs(kit, issuer) };
      const isRefusedClient = outcome.kind === "refused" && outcome.about === "client";
      const next = isRefusedClient
        ? pausedBy(client, about.atMs)
        : outcome.kind === "tokens" || outcome.kind === "refused"
          ? { streak: 0, proven: outcome.kind === "tokens" || client.proven }
          : failed(client, outcome, about.atMs, replayWindowMs(provider.rotation));
      if (JSON.stringify(next) === JSON.stringify(client)) return;
      if ((await store.write(key, revision, JSON.stringify(next))) === undefined) return;
      if (isRefusedClient && !client.paused) kit.emit({ type: "paused", ...about, code: outcome.code });
      const wasPaused =
        client.paused ??
        (!client.proven &&
          next.proven &&
          (await read({ ...provider, clientGeneration: clientGeneration - 1 })).client.paused);
      if (wasPaused && !next.paused) kit.emit({ type: "resumed", ...about });
    },

    isProven: async (provider) => (await read(provider)).client.proven === true,
  };

  function pausedBy(client: ClientRecord, atMs: number): ClientRecord {
    const waitMs = client.paused ? Math.min(longestPatienceMs, (client.wait?.waitMs ?? 0) * 2) : probeMs;
    return { ...client, paused: true, wait: { atMs, waitMs } };
  }

  function failed(
    client: ClientRecord,
    { status, kind, retryAfterMs = 0 }: Failure & { retryAfterMs?: number },
    atMs: number,
    windowMs: number,
  ): ClientRecord {
    // Without an answer and surely not sent: our own network, which is no news for other processes.
    if (kind === "not_processed" && status === undefined) return client;
    const streak = client.streak + 1;
    // Among the grants that wait may be lost answers, which can be had for so long.
    const waitMs = Math.max(
      Math.min(retryAfterMs, longestPatienceMs, windowMs / 2),
      streak < opensAt ? 0 : backoffMs(streak, (1 + fraction(world)) / 2, Math.min(probeMs, windowMs / 3)),
    );
    return { ...client, streak, wait: waitMs > 0 ? { atMs, waitMs } : client.wait };
  }
}
