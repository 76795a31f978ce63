import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import { runLoad } from "../load.ts";
import { copySeed, type PlacedSeed } from "../seed-shelf.ts";
import { readSeed } from "../seeds/seed.ts";
import { ServerProcess } from "../server-process.ts";
import { scriptsOf } from "../stage.ts";

export type Growth = {
  grants: number;
  /** The table of grants with its indexes, before, over the number of grants. */
  bytesPerGrant: number;
  /** The whole file, over the same: with a fourth of an account for each grant. */
  fileBytesPerGrant: number;
  refreshes: number;
  /** How many different grants were refreshed. */
  families: number;
  bytesBefore: number;
  bytesAfter: number;
  /** Of the write-ahead log, when the last refresh was answered. */
  logBytes: number;
};

const stretchMs = 2000;

/** Measures the size of the file, refreshes its grants `refreshes` times, and measures again after a checkpoint. */
export async function weighGrowth(
  seeded: PlacedSeed,
  grants: number,
  wanted: number,
  directory: string,
  cores: Cores | undefined,
): Promise<Growth> {
  const own = join(directory, "growth");
  copySeed(seeded, own);
  const path = join(own, "symbolon.sqlite");
  const bytesBefore = statSync(path).size;
  const bytesPerGrant = weighGrants(path) / grants;
  const contender = ours("refresh");
  const seed = readSeed(own);
  const scripts = scriptsOf(contender, seed, 1);
  const server = await ServerProcess.start(
    join(contender.root, "bench", "servers", contender.script),
    [own],
    cores?.server,
    undefined,
  );
  let refreshes = 0;
  try {
    while (refreshes < wanted) refreshes += (await runLoad(server.port, scripts, stretchMs)).answers;
  } finally {
    await server.stop();
  }
  const log = `${path}-wal`;
  const logBytes = existsSync(log) ? statSync(log).size : 0;
  emptyLog(path);
  const families = Math.min(refreshes, seed.inUse.length);
  return {
    grants,
    bytesPerGrant,
    fileBytesPerGrant: bytesBefore / grants,
    refreshes,
    families,
    bytesBefore,
    bytesAfter: statSync(path).size,
    logBytes,
  };
}

/** @see https://sqlite.org/dbstat.html */
function weighGrants(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const { bytes } = database
    .prepare(
      "SELECT sum(pgsize) AS bytes FROM dbstat WHERE aggregate = TRUE AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = 'grants')",
    )
    .get() as { bytes: number };
  database.close();
  return bytes;
}

function emptyLog(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}
