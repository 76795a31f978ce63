import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cores } from "./cores.ts";
import type { Script } from "./connection.ts";
import type { Contender } from "./contenders.ts";
import { connectionCount } from "./load.ts";
import type { Options } from "./options.ts";
import type { Seed } from "./seed.ts";
import { ServerProcess } from "./server-process.ts";

/** A contender that is up, with what its connections will send. Scripts remember: a lineage goes on in the next round. */
export type Performer = { contender: Contender; server: ServerProcess; scripts: readonly Script[] };

/**
 * Seeds a database for each checkout, gives every contender a copy of its own, and starts the servers. What was started
 * and written is gone when `work` has ended, however it ended.
 */
export async function onStage<T>(
  contenders: readonly Contender[], options: Options, cores: Cores | undefined, work: (performers: readonly Performer[]) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "symbolon-bench-"));
  const performers: Performer[] = [];
  const clear = async () => {
    await Promise.all(performers.map(({ server }) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  const onInterrupt = () => void clear().then(() => process.exit(130));
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    const seeds = await seedAll(directory, contenders, options.grants);
    for (const [index, contender] of contenders.entries()) {
      const seed = seeds.get(contender.root)!;
      const own = join(directory, `contender-${index}`);
      copySeed(seed.directory, own);
      const script = join(contender.root, "bench", "servers", contender.server);
      const server = await ServerProcess.start(script, [own], cores?.server, options.profile);
      const scripts = Array.from({ length: connectionCount }, (_, at) => contender.script(seed.content, at, connectionCount));
      performers.push({ contender, server, scripts });
    }
    return await work(performers);
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    await clear();
  }
}

/** And a millisecond for each grant, of which each takes a tenth. */
const seedPatienceMs = 60_000;

type PlacedSeed = { directory: string; content: Seed };

async function seedAll(directory: string, contenders: readonly Contender[], grants: number): Promise<Map<string, PlacedSeed>> {
  const seeds = new Map<string, PlacedSeed>();
  for (const { root } of contenders) {
    if (seeds.has(root)) continue;
    const place = join(directory, `seed-${seeds.size}`);
    mkdirSync(place, { mode: 0o700 });
    const child = spawn(process.execPath, [join(root, "bench", "servers", "write-seed.ts"), place, String(grants)], {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: seedPatienceMs + grants,
    });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error("the database could not be seeded");
    seeds.set(root, { directory: place, content: JSON.parse(readFileSync(join(place, "seed.json"), "utf8")) as Seed });
  }
  return seeds;
}

/** A closed database is one file; its log has gone into it. */
function copySeed(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const name of ["seed.json", "symbolon.db"]) copyFileSync(join(from, name), join(to, name));
}
