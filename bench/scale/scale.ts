import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cores } from "../cores.ts";
import { ours } from "../contenders.ts";
import type { Options } from "../options.ts";
import { placeSeed, type PlacedSeed, type SeedOf } from "../seed-shelf.ts";
import { compareSizes, type Size } from "./sizes.ts";
import { weighGrowth, type Growth } from "./growth.ts";
import { timeStart, type Start } from "./start.ts";
import { weighSweeping, type Sweep } from "./sweep.ts";

/** Measurements of Symbolon only; those that were not requested are absent. */
export type Scale = { sizes?: Size[]; growth?: Growth; start?: Start; sweep?: Sweep };

/** More tokens than fit into the caches; each is asked about once before one is repeated. */
const mostTokens = 1_000_000;

/** Takes the requested measurements one after the other, in a temporary directory. */
export async function measureScale(options: Options, cores: Cores | undefined): Promise<Scale> {
  const { sizes, growth, start, grants, inUse, sweep } = options;
  const directory = mkdtempSync(join(tmpdir(), "symbolon-bench-scale-"));
  const seedFor = (count: number, asked: number): Promise<PlacedSeed> =>
    placeSeed(join(options.seedCache ?? directory, "seeds"), {
      root: ours("introspect").root,
      kind: "symbolon",
      amounts: { grants: count, inUse: asked, codes: 0 },
    });
  const seedOf: SeedOf = (count) => seedFor(count, Math.min(count, mostTokens));
  const clear = () => rmSync(directory, { recursive: true, force: true });
  const onInterrupt = () => {
    clear();
    process.exit(130);
  };
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    return {
      ...(start ? { start: await timeStart(await seedOf(grants), directory, cores) } : {}),
      ...(growth === undefined
        ? {}
        : { growth: await weighGrowth(await seedOf(grants), grants, growth, directory, cores) }),
      ...(sweep === undefined
        ? {}
        : {
            sweep: await weighSweeping(
              await seedFor(grants, Math.min(inUse, Math.floor(grants / 2))),
              grants,
              sweep,
              directory,
              options,
              cores,
            ),
          }),
      ...(sizes.length === 0 ? {} : { sizes: await compareSizes(sizes, seedOf, directory, options, cores) }),
    };
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    clear();
  }
}
