import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { grantIdToBytes, parseToken } from "@symbolon/protocol";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import { runLoad, type Load } from "../load.ts";
import { copySeed, type PlacedSeed } from "../seed-shelf.ts";
import { readSeed, type Seed } from "../seeds/seed.ts";
import { ServerProcess } from "../server-process.ts";
import { scriptsOf } from "../stage.ts";

/** Refreshes beside rows that are being removed, and beside the same rows left alone (faults.md R-22). */
export type Sweep = { rows: number; ended: number; states: SweepState[] };

/**
 * Quartiles of the stretches; `timesNone` is a stretch's p99 over that of the one without sweeping in the same round.
 */
export type SweepState = {
  batch: number;
  removedPerSecond: number;
  answersPerSecond: Quartiles;
  p50Ms: Quartiles;
  p99Ms: Quartiles;
  timesNone: Quartiles;
};

export type Quartiles = [lower: number, median: number, upper: number];

/** None; as the command does (apps/symbolon/src/serve/sweep-timer.ts); and four times that. */
const batches = [0, 50, 200];

/**
 * Ends `ended` of the rows, then sends the same load in alternating stretches, one for each size of batch in a round.
 */
export async function weighSweeping(
  seeded: PlacedSeed,
  rows: number,
  ended: number,
  directory: string,
  { rounds, seconds }: { rounds: number; seconds: number },
  cores: Cores | undefined,
): Promise<Sweep> {
  const own = join(directory, "sweep");
  copySeed(seeded, own);
  const path = join(own, "symbolon.sqlite");
  const contender = ours("refresh");
  const seed = readSeed(own);
  endRows(path, ended, seed);
  const scripts = scriptsOf(contender, seed, 1);
  const server = await ServerProcess.start(
    join(contender.root, "bench", "servers", contender.script),
    [own],
    cores?.server,
    undefined,
  );
  const stretches = new Map(batches.map((batch) => [batch, [] as Load[]]));
  const removed = new Map(batches.map((batch) => [batch, 0]));
  try {
    await runLoad(server.port, scripts, seconds * 1000); // Warms up.
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < batches.length; turn++) {
        const batch = batches[(round + turn) % batches.length]!;
        const before = countRows(path);
        server.sweep(batch);
        stretches.get(batch)!.push(await runLoad(server.port, scripts, seconds * 1000));
        server.sweep(0);
        removed.set(batch, removed.get(batch)! + before - countRows(path));
      }
    }
  } finally {
    await server.stop();
  }
  const none = stretches.get(0)!;
  const states = [...stretches].map(([batch, loads]): SweepState => ({
    batch,
    removedPerSecond: removed.get(batch)! / (rounds * seconds),
    answersPerSecond: quartiles(loads.map((load) => load.answers / load.seconds)),
    p50Ms: quartiles(loads.map((load) => load.p50Ms)),
    p99Ms: quartiles(loads.map((load) => load.p99Ms)),
    timesNone: quartiles(loads.map((load, round) => load.p99Ms / none[round]!.p99Ms)),
  }));
  return { rows, ended, states };
}

/** Revoked long ago, every other row, but none that the load needs. */
function endRows(path: string, ended: number, { inUse }: Seed): void {
  const database = new DatabaseSync(path);
  database.exec("CREATE TEMP TABLE needed (id BLOB PRIMARY KEY) WITHOUT ROWID");
  const need = database.prepare("INSERT INTO needed VALUES (?)");
  database.exec("BEGIN");
  for (const { refresh } of inUse) need.run(grantIdToBytes(parseToken(refresh)!.pointer.grantId));
  database
    .prepare(
      "UPDATE grants SET state = 2, revoked_at = 1, revoked_because = 'revoked_by_owner' WHERE id IN (SELECT id FROM grants WHERE id NOT IN needed ORDER BY substr(id, -1), id LIMIT ?)",
    )
    .run(ended);
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function countRows(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const { rows } = database.prepare("SELECT count(*) AS rows FROM grants").get() as { rows: number };
  database.close();
  return rows;
}

function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1) + 0.5)]!;
  return [at(0.25), at(0.5), at(0.75)];
}
