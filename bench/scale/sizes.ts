import { join } from "node:path";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import { measure } from "../measure.ts";
import type { Options } from "../options.ts";
import { copySeed } from "../seed-shelf.ts";
import { readSeed } from "../seeds/seed.ts";
import { ServerProcess } from "../server-process.ts";
import { scriptsOf, type Performer } from "../stage.ts";
import type { SeedOf } from "./scale.ts";

/** Introspection at so many grants. */
export type Size = {
  grants: number;
  /** How many of them are asked about in turn. */
  tokens: number;
  requestsPerSecond: number;
  cpuMicrosPerRequest: number;
  /** What one answer costs here, as a multiple of what it costs at the first size: by processor time, and by requests/s. */
  timesFirstByCpu: number;
  timesFirst: number;
  residentBytes: number;
  seedingSeconds: number;
};

/** A server for each size, measured in alternating rounds. Tokens are spread over all grants, and each is asked about before one comes again. */
export async function compareSizes(sizes: readonly number[], seedOf: SeedOf, directory: string, options: Options, cores: Cores | undefined): Promise<Size[]> {
  const contender = ours("introspect");
  const performers: Performer[] = [];
  const found: { tokens: number; seconds: number }[] = [];
  try {
    for (const [index, grants] of sizes.entries()) {
      const placed = await seedOf(grants);
      const own = join(directory, `size-${index}`);
      copySeed(placed, own);
      const seed = readSeed(own);
      const server = await ServerProcess.start(join(contender.root, "bench", "servers", contender.script), [own], cores?.server, options.profile);
      performers.push({ contender, server, scripts: scriptsOf(contender, seed, 1) });
      found.push({ tokens: seed.inUse.length, seconds: placed.seconds });
    }
    const lines = await measure(performers, options);
    return await Promise.all(
      lines.map(async ({ requestsPerSecond, cpuMicrosPerRequest, ofBare, ofBareByCpu }, index) => ({
        grants: sizes[index]!,
        tokens: found[index]!.tokens,
        requestsPerSecond,
        cpuMicrosPerRequest,
        timesFirstByCpu: 1 / ofBareByCpu,
        timesFirst: 1 / ofBare,
        residentBytes: (await performers[index]!.server.usage()).residentBytes,
        seedingSeconds: found[index]!.seconds,
      })),
    );
  } finally {
    await Promise.all(performers.map(({ server }) => server.stop()));
  }
}
