import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVitest, type TestSpecification, type Vitest } from "vitest/node";
import { instrument, type Mutant } from "./instrument.ts";
import type { Part } from "./parts.ts";

export type Outcome = "noticed" | "ended by its time limit" | "not noticed" | "never run";
export type Tried = Mutant & { outcome: Outcome; by: string | undefined };

const root = join(import.meta.dirname, "../..");
/** A test file that uses more of the processor than this and five times what it uses without a mutant is ended. */
const leastLimitMs = 15_000;

/** `ms`: how long the processor works for it without a mutant. */
type TestFile = { path: string; specification: TestSpecification; ms: number; seen: ReadonlySet<number> };

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
  const vitest = await startVitest(tests, texts);
  try {
    const testFiles = await dryRun(vitest);
    const reached = mutants.filter(({ id }) => testFiles.some(({ seen }) => seen.has(id)));
    console.log(`${mutants.length} mutants, ${reached.length} of them reached by ${testFiles.length} test files`);
    const lastKiller = new Map<string, string>();
    for (const file of files) {
      const tried: Tried[] = [];
      for (const mutant of mutants.filter((one) => one.file === file))
        tried.push({ ...mutant, ...(await tryOne(vitest, mutant, testFiles, lastKiller)) });
      report(file, tried);
    }
  } finally {
    await vitest.close();
  }
}

function startVitest(tests: readonly string[], texts: ReadonlyMap<string, string>): Promise<Vitest> {
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

/** Runs each test file without a mutant: notes how long it takes and which mutants it reaches. */
async function dryRun(vitest: Vitest): Promise<TestFile[]> {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-mutants-"));
  const seenPath = join(folder, "seen.jsonl");
  process.env["SYMBOLON_MUTANTS_SEEN"] = seenPath;
  const found: TestFile[] = [];
  try {
    for (const specification of await vitest.globTestSpecifications()) {
      rmSync(seenPath, { force: true });
      if ((await runTests(vitest, specification)) !== "passed") {
        console.log(`left out, because it fails without a mutant: ${specification.moduleId}`);
        continue;
      }
      const noted = existsSync(seenPath) ? readFileSync(seenPath, "utf8") : '{"ms":0,"seen":[]}';
      const { ms, seen } = JSON.parse(noted) as { ms: number; seen: number[] };
      if (seen.length > 0) found.push({ path: specification.moduleId, specification, ms, seen: new Set(seen) });
    }
  } finally {
    delete process.env["SYMBOLON_MUTANTS_SEEN"];
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
  const last = lastKiller.get(file);
  const ordered = [...reaching.filter(({ path }) => path === last), ...reaching.filter(({ path }) => path !== last)];
  process.env["SYMBOLON_MUTANT"] = String(id);
  try {
    for (const { path, specification, ms } of ordered) {
      process.env["SYMBOLON_MUTANT_LIMIT_MS"] = String(leastLimitMs + 5 * ms);
      const result = await runTests(vitest, specification);
      if (result === "passed") continue;
      lastKiller.set(file, path);
      return { outcome: result === "failed" ? "noticed" : "ended by its time limit", by: path.slice(root.length + 1) };
    }
    return { outcome: "not noticed", by: undefined };
  } finally {
    delete process.env["SYMBOLON_MUTANT"];
  }
}

async function runTests(
  vitest: Vitest,
  specification: TestSpecification,
): Promise<"passed" | "failed" | "ended by its time limit"> {
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
  process.exitCode = 0;
  // The result also has the files that ran earlier.
  const ran = testModules.filter(({ moduleId }) => moduleId === specification.moduleId);
  if (unhandledErrors.length === 0 && ran.length > 0 && ran.every((testModule) => testModule.ok())) return "passed";
  const hasTimedOut = ran
    .flatMap(({ children }) => [...children.allTests()])
    .some((test) => test.result().errors?.some(({ message }) => message.includes("timed out in")));
  const hasBeenEnded = unhandledErrors.some((error) =>
    String((error as Error).message).includes("exited unexpectedly"),
  );
  return hasTimedOut || hasBeenEnded ? "ended by its time limit" : "failed";
}
