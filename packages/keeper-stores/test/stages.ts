import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeeperStore } from "@symbolon/client/keeper";
import { startPostgres } from "@symbolon/testing/postgres-server";
import { openFilesKeeperStore } from "../src/files/index.ts";
import { openPostgresKeeperStore } from "../src/postgres/index.ts";
import { openSqliteKeeperStore } from "../src/sqlite/index.ts";

export const kinds = ["files", "sqlite", "postgres"] as const;
export type Kind = (typeof kinds)[number];

/**
 * Opens a store from one string (directory, path or connection string), so that it can be passed to a child process.
 */
export const openStore = (kind: Kind, where: string): Promise<KeeperStore> =>
  ({
    files: () => openFilesKeeperStore({ directory: where }),
    sqlite: () => openSqliteKeeperStore({ path: where }),
    postgres: () => openPostgresKeeperStore({ connectionString: where }),
  })[kind]();

/** Makes empty locations for stores: in one temporary folder, and in one PostgreSQL that starts when first needed. */
export type Places = { next(kind: Kind): Promise<string>; stop(): Promise<void> };

export async function startPlaces(): Promise<Places> {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  let postgres: ReturnType<typeof startPostgres> | undefined;
  let count = 0;
  return {
    async next(kind) {
      const name = `place${++count}`;
      if (kind === "files") return join(folder, name);
      if (kind === "sqlite") return join(folder, name, "keeper.sqlite");
      return (await (postgres ??= startPostgres())).createDatabase(name);
    },
    async stop() {
      await (await postgres)?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One location, and a function that opens a store there. */
export async function newStage(kind: Kind) {
  const places = await startPlaces();
  const where = await places.next(kind);
  return { where, open: () => openStore(kind, where), remove: () => places.stop() };
}
