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

/** Opens a store of any kind by one string: a directory, a path, or a connection string. So a child process can be told. */
export const openStore = (kind: Kind, where: string): Promise<KeeperStore> =>
  ({
    files: () => openFilesKeeperStore({ directory: where }),
    sqlite: () => openSqliteKeeperStore({ path: where }),
    postgres: () => openPostgresKeeperStore({ connectionString: where }),
  })[kind]();

/** A place for one store of its own. */
export async function newPlace(kind: Kind): Promise<{ where: string; remove(): Promise<void> }> {
  if (kind === "postgres") {
    const server = await startPostgres();
    return { where: server.urlOf(), remove: () => server.stop() };
  }
  const folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  return { where: join(folder, "store", kind === "files" ? "" : "keeper.sqlite"), remove: async () => rmSync(folder, { recursive: true, force: true }) };
}

export async function newStage(kind: Kind) {
  const { where, remove } = await newPlace(kind);
  return { where, remove, open: () => openStore(kind, where) };
}
