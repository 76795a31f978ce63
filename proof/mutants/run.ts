import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVitest, type TestSequencer, type TestSpecification, type Vitest } from "vitest/node";
import { instrument, type Mutant } from "./instrument.ts";
import type { Part } from "./parts.ts";

export type Outcome = "noticed" | "ended by its time limit" | "not noticed" | "never run";
export type Tried = Mutant & { outcome: Outcome; by: string | undefined };

const root = join(import.meta.dirname, "../..");
/** A test file that uses more of the processor than this and five times what it uses without a mutant is ended. */
const leastLimitMs = 15_000;

/** `ms`: how long the processor works for it without a mutant. */
type TestFile = { path: string; ms: number; seen: ReadonlySet<number> };

/**
 * Tries every mutant of `files`, one at a time: runs the test files that reach it, those that are fast first, until one
 * fails. The files themselves stay as they are: vitest loads changed texts instead.
 */
export async function tryMutants(
  { tests }: Part,
  files: readonly string[],
  report: (file: string, tried: readonly Tried[]) => void,
): Promise<void> {
  const texts = new Map<string, string>();
  const mutants: Mutant[] = [];
  for (const file of files) {
    const { code, mutants: found } = instrument(file, readFileSync(join(root, file), "utf8"), mutants.length);
    texts.set(join(root, file), code);
    mutants.push(...found);
  }
  const testFiles = await dryRun(tests, texts);
  const reached = mutants.filter(({ id }) => testFiles.some(({ seen }) => seen.has(id)));
  console.log(`${mutants.length} mutants, ${reached.length} of them reached by ${testFiles.length} test files`);
  const vitest = await startVitest(tests, texts, false);
  await vitest.globTestSpecifications();
  try {
    const lastKiller = new Map<string, string>();
    for (const file of files) {
      const tried: Tried[] = [];
      for (const mutant of mutants.filter((one) => one.file === file)) {
        tried.push({ ...mutant, ...(await tryOne(vitest, mutant, testFiles, lastKiller)) });
        if (tried.length % 25 === 0) console.log(`  ${file}: ${tried.length}`);
      }
      report(file, tried);
    }
  } finally {
    await vitest.close();
  }
}

/** `isolate`: each test file has a process of its own. */
function startVitest(tests: readonly string[], texts: ReadonlyMap<string, string>, isolate: boolean): Promise<Vitest> {
  return createVitest(
    "test",
    {
      root,
      watch: false,
      fsModuleCache: false,
      include: [...tests],
      reporters: [{}],
      bail: 1,
      maxWorkers: 1,
      isolate,
      sequence: { sequencer: InOrder },
      setupFiles: [join(import.meta.dirname, "in-worker.ts"), join(root, "proof/harness/prototype-guard.ts")],
      testTimeout: 20_000,
    },
    {
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          transform: (_code: string, id: string) => texts.get(id.split("?")[0]!),
        },
      ],
    },
  );
}

/** Runs test files in the order in which they are given. */
class InOrder implements TestSequencer {
  shard = async (files: TestSpecification[]): Promise<TestSpecification[]> => files;
  sort = async (files: TestSpecification[]): Promise<TestSpecification[]> => files;
}

/** Runs each test file without a mutant: notes how long it takes and which mutants it reaches. */
async function dryRun(tests: readonly string[], texts: ReadonlyMap<string, string>): Promise<TestFile[]> {
  const vitest = await startVitest(tests, texts, true);
  const folder = mkdtempSync(join(tmpdir(), "symbolon-mutants-"));
  const seenPath = join(folder, "seen.jsonl");
  process.env["SYMBOLON_MUTANTS_SEEN"] = seenPath;
  const found: TestFile[] = [];
  try {
    for (const { moduleId: path } of await vitest.globTestSpecifications()) {
      rmSync(seenPath, { force: true });
      if ((await runTests(vitest, [{ path, ms: 0 }])).outcome !== "passed") {
        console.log(`left out, because it fails without a mutant: ${path}`);
        continue;
      }
      const noted = existsSync(seenPath) ? readFileSync(seenPath, "utf8") : '{"ms":0,"seen":[]}';
      const { ms, seen } = JSON.parse(noted) as { ms: number; seen: number[] };
      if (seen.length > 0) found.push({ path, ms, seen: new Set(seen) });
    }
  } finally {
    delete process.env["SYMBOLON_MUTANTS_SEEN"];
    await vitest.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return found.toSorted((one, other) => one.ms - other.ms);
}

async function tryOne(
  vitest: Vitest,
  { id, file }: Mutant,
  testFiles: readonly TestFile[],
  lastKiller: Map<string, string>,
): Promise<Pick<Tried, "outcome" | "by">> {
  const reaching = testFiles.filter(({ seen }) => seen.has(id));
  if (reaching.length === 0) return { outcome: "never run", by: undefined };
  const last = reaching.find(({ path }) => path === lastKiller.get(file));
  process.env["SYMBOLON_MUTANT"] = String(id);
  try {
    for (const batch of [last === undefined ? [] : [last], reaching.filter((one) => one !== last)]) {
      const result = await runTests(vitest, batch);
      if (result.outcome === "passed") continue;
      const { outcome, by = batch[0]!.path } = result;
      lastKiller.set(file, by);
      return { outcome: outcome === "failed" ? "noticed" : "ended by its time limit", by: by.slice(root.length + 1) };
    }
    return { outcome: "not noticed", by: undefined };
  } finally {
    delete process.env["SYMBOLON_MUTANT"];
  }
}

type RunResult = { outcome: "passed" | "failed" | "ended by its time limit"; by?: string | undefined };

/** Runs the files one after another in one process until a test fails. `by`: the file of that test. */
async function runTests(vitest: Vitest, files: readonly Pick<TestFile, "path" | "ms">[]): Promise<RunResult> {
  if (files.length === 0) return { outcome: "passed" };
  const ms = files.reduce((sum, file) => sum + file.ms, 0);
  process.env["SYMBOLON_MUTANT_LIMIT_MS"] = String(leastLimitMs + 5 * ms);
  const specifications = files.flatMap(({ path }) => vitest.getModuleSpecifications(path));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  process.exitCode = 0;
  // The result also has the files that ran earlier.
  const ran = testModules.filter(({ moduleId }) => files.some(({ path }) => path === moduleId));
  const failed = ran.find((testModule) => testModule.state() === "failed");
  if (failed === undefined && unhandledErrors.length === 0 && ran.length > 0) return { outcome: "passed" };
  const hasTimedOut = [...(failed?.children.allTests() ?? [])].some((test) =>
    test.result().errors?.some(({ message }) => message.includes("timed out in")),
  );
  const hasBeenEnded = unhandledErrors.some((error) =>
    String((error as Error).message).includes("exited unexpectedly"),
  );
  return { outcome: hasTimedOut || hasBeenEnded ? "ended by its time limit" : "failed", by: failed?.moduleId };
}
