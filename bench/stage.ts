import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cores } from "./cores.ts";
import type { Script } from "./scripted-connection.ts";
import type { Contender } from "./contenders.ts";
import { connectionCount } from "./load.ts";
import type { Options } from "./options.ts";
import { copySeed, placeSeed, type PlacedSeed } from "./seed-shelf.ts";
import { readSeed, type Amounts, type Seed } from "./seeds/seed.ts";
import { ServerProcess } from "./server-process.ts";

/** A running contender, with a script for each connection. Scripts keep their state between rounds. */
export type Performer = { contender: Contender; server: ServerProcess; scripts: readonly Script[] };

/** The running contenders, and the seconds that each kind of database took to write, in this run or an earlier one. */
export type Play = { performers: readonly Performer[]; seeding: Readonly<Record<string, number>> };

/**
 * Seeds the databases, gives every contender its own copy, starts the servers and calls `work`. Stops the servers and
 * removes the files afterwards, also after a failure; a given `seedCache` is kept.
 */
export async function onStage<T>(
  contenders: readonly Contender[],
  options: Options,
  cores: Cores | undefined,
  work: (play: Play) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "symbolon-bench-"));
  const shelf = options.seedCache ?? directory;
  const performers: Performer[] = [];
  const seeding: Record<string, number> = {};
  const clear = async () => {
    await Promise.all(performers.map(({ server }) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  const onInterrupt = () => void clear().then(() => process.exit(130));
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  try {
    for (const [index, contender] of contenders.entries()) {
      const amounts = amountsFor(contender, options);
      const own = join(directory, `contender-${index}`);
      const seeded = await seedFor(contender, contenders, options, shelf);
      if (seeded === undefined) mkdirSync(own, { mode: 0o700 });
      else copySeed(seeded, own);
      if (seeded !== undefined) seeding[contender.seed] = seeded.seconds;
      const script = join(contender.root, "bench", "servers", contender.script);
      const server = await ServerProcess.start(script, [own, JSON.stringify(amounts)], cores?.server, options.profile);
      const seed = contender.seed === "none" ? inventedSeed(amounts) : readSeed(own);
      performers.push({ contender, server, scripts: scriptsOf(contender, seed, options.rounds + 1) });
    }
    return await work({ performers, seeding });
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
    await clear();
  }
}

/** One script for each connection. Codes are distributed over `rounds`. */
export const scriptsOf = ({ writer }: Contender, seed: Seed, rounds: number): Script[] =>
  Array.from({ length: connectionCount }, (_, at) => writer(seed, { at, count: connectionCount, rounds }));

function amountsFor({ codesPerSecond }: Contender, { grants, inUse, seconds, rounds }: Options): Amounts {
  const codes =
    codesPerSecond === 0
      ? 0
      : Math.max(connectionCount * 2 * (rounds + 1), Math.ceil(codesPerSecond * seconds * (rounds + 1)));
  return { grants, inUse: Math.min(inUse, grants), codes };
}

/** All contenders of one kind share a seed, which has the codes of the one that redeems them. */
async function seedFor(
  contender: Contender,
  all: readonly Contender[],
  options: Options,
  shelf: string,
): Promise<PlacedSeed | undefined> {
  const { seed: kind, root } = contender;
  if (kind === "none" || kind === "own") return undefined;
  const alike = all
    .filter((other) => other.seed === kind && other.root === root)
    .map((other) => amountsFor(other, options));
  const amounts = { ...alike[0]!, codes: Math.max(...alike.map(({ codes }) => codes)) };
  return placeSeed(join(shelf, "seeds"), { root, kind, amounts });
}

/** Random tokens for the baseline servers, as long as Symbolon's. */
const inventedSeed = ({ inUse }: Amounts): Seed => {
  const client = { id: "rs_0000000000000000", secret: "sym_cs_".padEnd(50, "0") };
  const tokens = Array.from({ length: Math.min(inUse, 1000) }, (_, index) => ({
    access: `sym_at_${index}`.padEnd(71, "x"),
    refresh: "",
    application: 0,
  }));
  return { resourceServer: client, applications: [client], inUse: tokens, codes: [] };
};
