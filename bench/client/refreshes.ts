import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Sealed } from "@symbolon/client";
import {
  createKeeper,
  memoryStore,
  wrappingKey,
  type Keeper,
  type KeeperProvider,
  type KeeperStore,
} from "@symbolon/client/keeper";
import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";
import { openPostgresKeeperStore } from "@symbolon/keeper-stores/postgres";
import { openSqliteKeeperStore } from "@symbolon/keeper-stores/sqlite";
import { startPostgres } from "@symbolon/testing/postgres-server";
import { median } from "./alternate.ts";

/**
 * Both per second. `tokens`: from a grant whose access token is valid; `refreshes`: with lease, intent, a provider that
 * answers at once, and the write.
 */
export type StoreRow = { store: string; tokens: number; refreshes: number; readsEach: number; writesEach: number };

export type Size = { rounds: number; grants: number };

/** Measures a keeper on a store: all grants at once, one refresh of each at a time. */
export async function measureStores({ rounds, grants }: Size): Promise<StoreRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-bench-"));
  const postgres = await startPostgres();
  try {
    const stores: [string, () => KeeperStore | Promise<KeeperStore>][] = [
      ["memory", () => memoryStore()],
      ["files", () => openFilesKeeperStore({ directory: join(folder, "files") })],
      ["SQLite", () => openSqliteKeeperStore({ path: join(folder, "sqlite", "keeper.db") })],
      ["PostgreSQL", async () => openPostgresKeeperStore({ connectionString: await postgres.createDatabase("bench") })],
    ];
    const opened = await Promise.all(stores.map(async ([name, open]) => begin(name, await open(), grants)));
    const taken = opened.map(() => ({ tokens: [] as number[], refreshes: [] as number[] }));
    for (let round = -1; round < rounds; round++) {
      for (let turn = 0; turn < opened.length; turn++) {
        const which = (turn + Math.max(0, round)) % opened.length;
        const { refreshAll, askAll } = opened[which]!;
        const refreshes = await perSecond(grants, refreshAll);
        const tokens = await perSecond(grants, askAll);
        if (round < 0) continue;
        taken[which]!.refreshes.push(refreshes);
        taken[which]!.tokens.push(tokens);
      }
    }
    const rows = opened.map(({ name, counts }, which) => ({
      store: name,
      tokens: median(taken[which]!.tokens),
      refreshes: median(taken[which]!.refreshes),
      readsEach: counts.reads / ((rounds + 1) * grants),
      writesEach: counts.writes / ((rounds + 1) * grants),
    }));
    for (const { close } of opened) await close();
    return rows;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return count / ((performance.now() - startedMs) / 1000);
}

/** Two keepers on one store: the access tokens of one expire at once, those of the other after a day. */
async function begin(name: string, store: KeeperStore, grants: number) {
  const ids = Array.from({ length: grants }, (_, at) => at.toString());
  const counts = { reads: 0, writes: 0 };
  const counted: KeeperStore = {
    ...delegate(store),
    read: (key) => (counts.reads++, store.read(key)),
    write: (key, expected, value) => (counts.writes++, store.write(key, expected, value)),
  };
  const [dying, living] = [keeperOn(counted, 0.001), keeperOn(store, 86_400)];
  for (const id of ids) {
    await adopt(dying, `dying-${id}`, 0.001);
    await adopt(living, `living-${id}`, 86_400);
  }
  counts.reads = counts.writes = 0;
  return {
    name,
    counts,
    refreshAll: () => Promise.all(ids.map((id) => dying.token(`dying-${id}`))),
    askAll: () => Promise.all(ids.map((id) => living.token(`living-${id}`))),
    close: async () => {
      await dying.close();
      await living.close();
      await store.close();
    },
  };
}

const delegate = (store: KeeperStore): KeeperStore => ({
  read: (key) => store.read(key),
  write: (key, expected, value) => store.write(key, expected, value),
  remove: (key, expected) => store.remove(key, expected),
  entries: (prefix) => store.entries(prefix),
  close: () => store.close(),
});

const adopt = (keeper: Keeper, id: string, lifetimeSeconds: number): Promise<void> =>
  keeper.adopt(id, {
    accessToken: new Sealed("a".repeat(64)),
    refreshToken: new Sealed("r".repeat(64)),
    lifetimeSeconds,
  });

/** Its provider answers at once and without a network, so what is measured is the keeper and its store. */
function keeperOn(store: KeeperStore, lifetimeSeconds: number): Keeper {
  let count = 0;
  const provider: KeeperProvider = {
    issuer: "https://provider.example",
    clientId: "client",
    clientGeneration: 1,
    rotation: { kind: "replay", windowSeconds: 120 },
    readsIntent: false,
    deadlineMs: 30_000,
    refresh: async () => ({
      kind: "tokens",
      tokens: {
        accessToken: new Sealed(`a${"a".repeat(56)}${++count}`),
        refreshToken: new Sealed(`r${"r".repeat(56)}${count}`),
        lifetimeSeconds,
      },
    }),
  };
  return createKeeper({ providers: provider, store, keys: { current: wrappingKey("bench", new Uint8Array(32)) } });
}
