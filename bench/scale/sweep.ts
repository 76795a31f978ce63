import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { grantIdToBytes, parseToken } from "@symbolon/protocol";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import { runLoad } from "../load.ts";
import { copySeed, type PlacedSeed } from "../seed-shelf.ts";
import { readSeed, type Seed } from "../seeds/seed.ts";
import { ServerProcess } from "../server-process.ts";
import { scriptsOf } from "../stage.ts";

/** Refreshes beside rows that are being removed, and beside the same rows left alone (faults.md R-22). Medians of the stretches. */
export type Sweep = { rows: number; ended: number; removed: number; removedPerSecond: number; off: Stretch; on: Stretch };

type Stretch = { answersPerSecond: number; p50Ms: number; p99Ms: number };

/** Ends `ended` of the rows, then sends the same load in alternating stretches, with sweeping off and on. */
export async function weighSweeping(seeded: PlacedSeed, rows: number, ended: number, directory: string, { rounds, seconds }: { rounds: number; seconds: number }, cores: Cores | undefined): Promise<Sweep> {
  const own = join(directory, "sweep");
  copySeed(seeded, own);
  const path = join(own, "symbolon.sqlite");
  const contender = ours("refresh");
  const seed = readSeed(own);
  endRows(path, ended, seed);
  const before = countRows(path);
  const scripts = scriptsOf(contender, seed, 1);
  const server = await ServerProcess.start(join(contender.root, "bench", "servers", contender.script), [own], cores?.server, undefined);
  const stretches: Record<"off" | "on", Stretch[]> = { off: [], on: [] };
  try {
    await runLoad(server.port, scripts, seconds * 1000); // Warms up.
    for (let round = 0; round < rounds; round++) {
      for (const state of round % 2 === 0 ? (["off", "on"] as const) : (["on", "off"] as const)) {
        server.sweep(state === "on");
        const load = await runLoad(server.port, scripts, seconds * 1000);
        stretches[state].push({ answersPerSecond: load.answers / load.seconds, p50Ms: load.p50Ms, p99Ms: load.p99Ms });
      }
    }
  } finally {
    await server.stop();
  }
  const removed = before - countRows(path);
  return { rows, ended, removed, removedPerSecond: removed / (rounds * seconds), off: medians(stretches.off), on: medians(stretches.on) };
}

/** Revoked long ago, every other row, but none that the load needs. */
function endRows(path: string, ended: number, { inUse }: Seed): void {
  const database = new DatabaseSync(path);
  database.exec("CREATE TEMP TABLE needed (id BLOB PRIMARY KEY) WITHOUT ROWID");
  const need = database.prepare("INSERT INTO needed VALUES (?)");
  database.exec("BEGIN");
  for (const { refresh } of inUse) need.run(grantIdToBytes(parseToken(refresh)!.pointer.grantId));
  database
    .prepare("UPDATE grants SET state = 2, revoked_at = 1, revoked_because = 'revoked_by_owner' WHERE id IN (SELECT id FROM grants WHERE id NOT IN needed ORDER BY substr(id, -1), id LIMIT ?)")
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

function medians(stretches: readonly Stretch[]): Stretch {
  const median = (of: (stretch: Stretch) => number): number => stretches.map(of).sort((one, other) => one - other)[Math.floor(stretches.length / 2)]!;
  return { answersPerSecond: median((stretch) => stretch.answersPerSecond), p50Ms: median((stretch) => stretch.p50Ms), p99Ms: median((stretch) => stretch.p99Ms) };
}
