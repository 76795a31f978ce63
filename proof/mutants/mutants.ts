import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { readResults, summarize, writePage, writeResults, type FileResult } from "./page.ts";
import { parts } from "./parts.ts";
import { tryMutants, type Tried } from "./run.ts";

const usage = `npm run mutants -- [PATH ...]   tries every mutant of the files below these paths; without a path, of all parts
npm run mutants -- --page       writes docs/mutants.md again from the results that are there
A part takes from minutes to hours. Each file's result is kept as soon as it is there.`;

const { values, positionals } = parseArgs({
  options: { page: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  allowPositionals: true,
});

async function tryAll(paths: readonly string[]): Promise<void> {
  for (const part of parts) {
    const files = globSync(`${part.folder}/**/*.ts`, { exclude: ["**/*.test.ts", "**/testing/**", "**/contract/**"] })
      .filter((file) => paths.length === 0 || paths.some((path) => file === path || file.startsWith(`${path}/`)))
      .toSorted();
    if (files.length === 0) continue;
    await tryMutants(part, files, (file, tried) => {
      writeResults({ ...readResults(), [file]: resultOf(tried) });
      console.log(`${summarize(tried.map(({ outcome }) => outcome))}  ${file}`);
      for (const { outcome, lineNumber, from, to } of tried)
        if (isMissed(outcome))
          console.log(`    ${lineNumber}: ${from}  →  ${to === "" ? "(nothing)" : to}  (${outcome})`);
    });
  }
}

const isMissed = (outcome: Tried["outcome"]): boolean => outcome === "not noticed" || outcome === "never run";

const resultOf = (tried: readonly Tried[]): FileResult => ({
  mutants: tried.length,
  noticed: tried.filter(({ outcome }) => outcome === "noticed").length,
  timedOut: tried.filter(({ outcome }) => outcome === "ended by its time limit").length,
  missed: tried.filter(({ outcome }) => isMissed(outcome)).map(({ line, from, to }) => ({ line, from, to })),
});

if (values.help) console.log(usage);
else {
  if (!values.page) await tryAll(positionals.map((path) => path.replace(/\/$/, "")));
  writePage();
}
