import { join } from "node:path";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import { measure } from "../measure.ts";
import type { Options } from "../options.ts";
import { copySeed, type SeedOf } from "../seed-shelf.ts";
import { readSeed } from "../seeds/seed.ts";
import { ServerProcess } from "../server-process.ts";
import { scriptsOf, type Performer } from "../stage.ts";

/** Introspection at so many grants. */
export type Size = {
  grants: number;
  /**
   * How many tokens are asked about in turn: those in use, which fit into memory, or many more, so that most are looked
   * up on disk.
   */
  tokens: number;
  requestsPerSecond: number;
  cpuMicrosPerRequest: number;
  /**
   * What one answer costs here, as a multiple of what it costs at the first size: by processor time, and by requests/s.
   */
  timesFirstByCpu: number;
  timesFirst: number;
  residentBytes: number;
  seedingSeconds: number;
};

type Found = { grants: number; tokens: number; seedingSeconds: number };

/**
 * Starts two servers for each size, one asked about the tokens in use and one about many more, and measures them in
 * alternating rounds.
 */
export async function compareSizes(
  sizes: readonly number[],
  seedOf: SeedOf,
  directory: string,
  options: Options,
  cores: Cores | undefined,
): Promise<Size[]> {
  const contender = ours("introspect");
  const performers: Performer[] = [];
  const found: Found[] = [];
  try {
    for (const [index, grants] of sizes.entries()) {
      const placed = await seedOf(grants);
      const own = join(directory, `size-${index}`);
      copySeed(placed, own);
      const seed = readSeed(own);
      const inUse = everyOf(seed.inUse, options.inUse);
      for (const asked of inUse.length === seed.inUse.length ? [inUse] : [inUse, seed.inUse]) {
        const server = await ServerProcess.start(
          join(contender.root, "bench", "servers", contender.script),
          [own],
          cores?.server,
          options.profile,
        );
        performers.push({ contender, server, scripts: scriptsOf(contender, { ...seed, inUse: asked }, 1) });
        found.push({ grants, tokens: asked.length, seedingSeconds: placed.seconds });
      }
    }
    const lines = await measure(performers, options);
    return await Promise.all(
      lines.map(async ({ requestsPerSecond, cpuMicrosPerRequest, ofBare, ofBareByCpu }, index) => ({
        ...found[index]!,
        requestsPerSecond,
        cpuMicrosPerRequest,
        timesFirstByCpu: 1 / ofBareByCpu,
        timesFirst: 1 / ofBare,
        residentBytes: (await performers[index]!.server.usage()).residentBytes,
      })),
    );
  } finally {
    await Promise.all(performers.map(({ server }) => server.stop()));
  }
}

function everyOf<T>(all: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0).slice(0, count);
}
