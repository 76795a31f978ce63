import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isEquivalent } from "./explanations.ts";
import type { Try } from "./in-worker.ts";
import { instrument, type Mutant } from "./instrument.ts";
import type { Part } from "./parts.ts";
import { root, testFilesOf, TestRuns, type TestFile } from "./test-runs.ts";

export type Outcome = "noticed" | "ended by its time limit" | "not noticed" | "never run";
export type Tried = Mutant & { outcome: Outcome };
type Open = Map<number, Tried>;

/** How often a test file is begun again after a mutant ended its process or spoiled what the tests share. */
const mostRestarts = 20;

/** `keep`: the outcomes of a file so far. `print`: a stage is done with the file. */
export type Report = Record<"keep" | "print", (file: string, all: readonly Mutant[], tried: readonly Tried[]) => void>;

/**
 * Tries the chosen mutants of `files`. Each stage of the part has tests, which are asked about the mutants that no
 * earlier stage noticed. The files themselves stay as they are: vitest loads changed texts instead.
 */
export async function tryMutants(
  { stages }: Part,
  files: readonly string[],
  choose: (file: string, mutants: readonly Mutant[]) => readonly Mutant[],
  report: Report,
): Promise<void> {
  const texts = new Map<string, string>();
  const mutants: Mutant[] = [];
  for (const file of files) {
    const { code, mutants: found } = instrument(file, readFileSync(join(root, file), "utf8"), mutants.length);
    texts.set(join(root, file), code);
    mutants.push(...found);
  }
  const all = Map.groupBy(mutants, ({ file }) => file);
  const tried = new Map(files.map((file) => [file, choose(file, all.get(file) ?? []).map(asNeverRun)]));
  const tell = (file: string, how: keyof Report): void => report[how](file, all.get(file) ?? [], tried.get(file)!);
  const runs = new TestRuns(texts);
  const known = new Set<string>();
  try {
    for (const [number, globs] of stages.entries()) {
      const open = openOf([...tried.values()].flat(), number > 0);
      if (open.size === 0) break;
      const paths = testFilesOf(globs).filter((path) => !known.has(path));
      for (const path of paths) known.add(path);
      const testFiles = (await runs.note(paths)).filter(({ reached }) =>
        [...open.keys()].some((id) => reached.has(id)),
      );
      console.log(`${open.size} mutants, ${testFiles.length} of ${paths.length} test files reach them`);
      for (const testFile of testFiles) {
        await tryEachTest(runs, testFile, open);
        for (const file of files) tell(file, "keep");
        console.log(`  ${openOf([...open.values()], false).size} left after ${testFile.path.slice(root.length + 1)}`);
      }
      for (const file of files) {
        const openOfFile = openOf(tried.get(file)!, number > 0);
        await tryOneByOne(runs, testFiles, openOfFile);
        tell(file, "keep");
        if (openOfFile.size > 0 || number === 0) tell(file, "print");
      }
    }
  } finally {
    await runs.close();
  }
}

const asNeverRun = (mutant: Mutant): Tried => ({ ...mutant, outcome: "never run" });

/** Of an equivalent mutant only the first stage checks that no test notices it. */
const openOf = (tried: readonly Tried[], isLaterStage: boolean): Open =>
  new Map(
    tried
      .filter((one) => !isNoticed(one) && !(isLaterStage && isEquivalent(one.file, one)))
      .map((one) => [one.id, one]),
  );

const isNoticed = ({ outcome }: Tried): boolean => outcome === "noticed" || outcome === "ended by its time limit";

/** Each mutant in a process of its own, which runs the test files that reach it. */
async function tryOneByOne(runs: TestRuns, testFiles: readonly TestFile[], open: Open): Promise<void> {
  let lastKiller: string | undefined;
  for (const mutant of open.values()) {
    if (isNoticed(mutant)) continue;
    const reaching = testFiles.filter((one) => one.reached.has(mutant.id));
    if (reaching.length > 0) mutant.outcome = "not noticed";
    const last = reaching.find(({ path }) => path === lastKiller);
    for (const batch of [last === undefined ? [] : [last], reaching.filter((one) => one !== last)]) {
      const { outcome, by } = await runs.run(batch, { kind: "one mutant", mutant: mutant.id });
      if (outcome === "passed") continue;
      mutant.outcome = outcome === "failed" ? "noticed" : outcome;
      lastKiller = by;
      break;
    }
  }
}

/**
 * Many mutants in one process: each test is run with each mutant that it reaches. What is made while the file is loaded
 * or before all tests is shared by tests, so a mutant that is reached there is not tried here.
 */
async function tryEachTest(runs: TestRuns, testFile: TestFile, open: Open): Promise<void> {
  const begun = new Set<string>();
  for (let restarts = 0; restarts <= mostRestarts; restarts++) {
    const isTriedNow = (test: string, id: number): boolean => {
      const mutant = open.get(id);
      return mutant !== undefined && !isNoticed(mutant) && !testFile.elsewhere.has(id) && !begun.has(`${test} ${id}`);
    };
    const plan: Record<string, number[]> = {};
    for (const [test, reached] of testFile.tests) {
      const ids = reached.filter((id) => isTriedNow(test, id));
      if (ids.length > 0) plan[test] = ids;
    }
    if (Object.keys(plan).length === 0) return;
    rmSync(runs.log, { force: true });
    await runs.run([testFile], { kind: "each test", plan, log: runs.log });
    if (!existsSync(runs.log)) return;
    const tries = readFileSync(runs.log, "utf8").trim().split("\n");
    let last: Try | undefined;
    for (const line of tries) {
      last = JSON.parse(line) as Try;
      begun.add(`${last.test} ${last.mutant}`);
      if (last.outcome === "failed") open.get(last.mutant)!.outcome = "noticed";
      if (last.outcome === "timed out") open.get(last.mutant)!.outcome = "ended by its time limit";
    }
    // The process was ended while it tried this mutant.
    if (last?.outcome === "begun") open.get(last.mutant)!.outcome = "ended by its time limit";
  }
}
