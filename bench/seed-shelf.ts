import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Amounts } from "./seeds/seed.ts";
import type { SeedKind } from "./seeds/write-seed.ts";

/** A seeded directory, which is never written to again: servers get a copy, or read it. */
export type PlacedSeed = { directory: string; seconds: number };

/** Places a seed of so many grants, of which as many as possible are asked about. */
export type SeedOf = (grants: number) => Promise<PlacedSeed>;

export type SeedAsk = { root: string; kind: SeedKind; amounts: Amounts };

/** A seed is reused for a day; its tokens live for two. */
const keptMs = 86_400_000;

/** Plus a millisecond for each row. */
const patienceMs = 60_000;

/** Seeds a directory below `shelf`, or reuses the one of an earlier run. */
export async function placeSeed(shelf: string, ask: SeedAsk): Promise<PlacedSeed> {
  const directory = join(shelf, nameOf(ask));
  const written = statSync(join(directory, "tokens.json"), { throwIfNoEntry: false });
  if (written !== undefined && Date.now() - written.mtimeMs < keptMs)
    return { directory, seconds: readSeconds(directory) };
  const unfinished = `${directory}.unfinished`;
  for (const old of [directory, unfinished]) rmSync(old, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const startedMs = performance.now();
  const { root, kind, amounts } = ask;
  const child = spawn(
    process.execPath,
    [join(root, "bench", "seeds", "write-seed.ts"), kind, unfinished, JSON.stringify(amounts)],
    {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: patienceMs + amounts.grants + amounts.codes,
    },
  );
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the database of ${kind} could not be seeded`);
  writeFileSync(join(unfinished, "seconds"), String((performance.now() - startedMs) / 1000));
  renameSync(unfinished, directory);
  return { directory, seconds: readSeconds(directory) };
}

/** How long the seeding took, in this run or an earlier one. */
const readSeconds = (directory: string): number => Number(readFileSync(join(directory, "seconds"), "utf8"));

/** The name depends on the sources that write the rows: if they change, the seed is written again. */
function nameOf({ root, kind, amounts }: SeedAsk): string {
  const sources = [
    "bench/seeds/*.ts",
    "bench/peers/*.ts",
    "packages/store-sqlite/src/{schema,pack}.ts",
    "packages/server/src/{keyring/hmac-keyring,clients/secret-slot}.ts",
  ];
  const digest = createHash("sha256");
  for (const path of globSync(sources, { cwd: root }).sort())
    digest.update(path).update(readFileSync(join(root, path)));
  return `${kind}-${amounts.grants}-${amounts.inUse}-${amounts.codes}-${digest.digest("hex").slice(0, 12)}`;
}

/** Copies a seed. A closed database is one file, without a write-ahead log. */
export function copySeed({ directory }: PlacedSeed, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  cpSync(directory, to, { recursive: true });
  if (!existsSync(join(to, "tokens.json"))) throw new Error("a seed is not whole");
}
