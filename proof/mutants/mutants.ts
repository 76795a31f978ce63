import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Mutant } from "./instrument.ts";
import { readResults, writePage, writeResults, type FileResult, type Missed } from "./page.ts";
import { parts } from "./parts.ts";
import { tryMutants, type Report, type Tried } from "./run.ts";

const usage = `npm run mutants -- [PATH ...]   tries every mutant of the files below these paths; without a path, of all parts
npm run mutants -- --survivors [PATH ...]   only those that no test noticed before, and the files that have no result yet
npm run mutants -- --page       writes docs/mutants.md again from the results that are there
A part takes from minutes to an hour. What is known so far is kept: after an interruption, --survivors goes on.`;

const { values, positionals } = parseArgs({
  options: {
    survivors: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

async function tryAll(paths: readonly string[]): Promise<void> {
  for (const part of parts) {
    const files = globSync(`${part.folder}/**/*.ts`, { exclude: ["**/*.test.ts", "**/testing/**", "**/contract/**"] })
      .filter((file) => paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path}/`)))
      .toSorted();
    if (files.length === 0) continue;
    const keep: Report["keep"] = (file, all, tried) =>
      writeResults({ ...readResults(), [file]: resultOf(file, all, tried) });
    const print: Report["print"] = (file, all, tried) => {
      const { mutants, missed } = resultOf(file, all, tried);
      console.log(`${mutants - missed.length} of ${mutants} noticed  ${file}`);
      for (const { outcome, lineNumber, from, to } of tried.filter(isMissed))
        console.log(`    ${lineNumber}: ${from}  →  ${to === "" ? "(nothing)" : to}  (${outcome})`);
    };
    await tryMutants(part, files, values.survivors ? survivorsOf : (_file, all) => all, { keep, print });
  }
}

const isMissed = ({ outcome }: Tried): boolean => outcome === "not noticed" || outcome === "never run";
const isSame = (one: Missed, other: Missed): boolean =>
  one.line === other.line && one.from === other.from && one.to === other.to;

/** All mutants where the file has changed since. */
function survivorsOf(file: string, mutants: readonly Mutant[]): readonly Mutant[] {
  const known = readResults()[file];
  if (known?.mutants !== mutants.length) return mutants;
  if (!known.missed.every((missed) => mutants.some((one) => isSame(one, missed)))) return mutants;
  return mutants.filter((one) => known.missed.some((missed) => isSame(one, missed)));
}

/** The mutants that were not tried again keep their outcome. */
function resultOf(file: string, all: readonly Mutant[], tried: readonly Tried[]): FileResult {
  const missed = tried.filter(isMissed).map(({ line, from, to }) => ({ line, from, to }));
  const timedOutNow = tried.filter(({ outcome }) => outcome === "ended by its time limit").length;
  const timedOut = timedOutNow + (tried.length < all.length ? (timedOutBefore.get(file) ?? 0) : 0);
  return { mutants: all.length, noticed: all.length - missed.length - timedOut, timedOut, missed };
}
const timedOutBefore = new Map(Object.entries(readResults()).map(([file, { timedOut }]) => [file, timedOut]));

if (values.help) console.log(usage);
else {
  if (!values.page) await tryAll(positionals.map((path) => path.replace(/\/$/, "")));
  writePage();
}
