import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVitest, type TestModule, type TestSequencer, type TestSpecification, type Vitest } from "vitest/node";
import type { Note, Task } from "./in-worker.ts";

export const root = join(import.meta.dirname, "../..");
/** A test that uses more of the processor than this and five times what its file uses without a mutant is ended. */
const leastLimitMs = 15_000;

/**
 * `tests`: the mutants that each test reaches. `elsewhere`: those that are reached outside tests too, for example while
 * the file is loaded. `reached`: both. `ms`: how long the processor works for the file.
 */
export type TestFile = {
  path: string;
  ms: number;
  tests: ReadonlyMap<string, number[]>;
  elsewhere: ReadonlySet<number>;
  reached: ReadonlySet<number>;
};

export type RunResult = { outcome: "passed" | "failed" | "ended by its time limit"; by?: string | undefined };

/** Runs test files with changed texts, and tells their processes what to do. */
export class TestRuns {
  readonly #folder = mkdtempSync(join(tmpdir(), "symbolon-mutants-"));
  readonly #taskPath = join(this.#folder, "task.json");
  readonly #texts: ReadonlyMap<string, string>;
  #vitest: Vitest | undefined;

  constructor(texts: ReadonlyMap<string, string>) {
    this.#texts = texts;
    process.env["SYMBOLON_MUTANTS_TASK"] = this.#taskPath;
  }

  async close(): Promise<void> {
    await this.#vitest?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get log(): string {
    return join(this.#folder, "log.jsonl");
  }

  /** Runs each test file without a mutant, in a process of its own: which mutants does it reach? */
  async note(paths: readonly string[]): Promise<TestFile[]> {
    const vitest = await startVitest(paths, this.#texts, { isolate: true, bail: 0, maxWorkers: 2 });
    try {
      const first = await this.#noteOnce(vitest, paths);
      // A busy machine makes a test fail that is good.
      const second = first.failed.length === 0 ? first : await this.#noteOnce(vitest, first.failed);
      for (const path of second.failed) console.log(`left out, because it fails twice without a mutant: ${path}`);
      const notes = second === first ? first.notes : [...first.notes, ...second.notes];
      return notes.map(asTestFile).toSorted((one, other) => one.ms - other.ms);
    } finally {
      await vitest.close();
    }
  }

  async #noteOnce(vitest: Vitest, paths: readonly string[]): Promise<{ notes: Note[]; failed: string[] }> {
    const folder = mkdtempSync(join(this.#folder, "notes-"));
    const { testModules } = await this.#run(vitest, paths, { kind: "note", folder, limitMs: 600_000 });
    const failed = testModules.filter((one) => one.state() === "failed").map(({ moduleId }) => moduleId);
    const notes = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Note);
    return { notes: notes.filter(({ path }) => !failed.includes(path)), failed };
  }

  /** Runs the files one after another in one process. */
  async run(files: readonly TestFile[], task: DistributedOmit<Task, "limitMs">): Promise<RunResult> {
    if (files.length === 0) return { outcome: "passed" };
    const ms = files.reduce((sum, file) => sum + file.ms, 0);
    this.#vitest ??= await startVitest([], this.#texts, { isolate: false, bail: 1, maxWorkers: 1 });
    const paths = files.map(({ path }) => path);
    const limitMs = leastLimitMs + 5 * ms;
    const { testModules: ran, unhandledErrors } = await this.#run(this.#vitest, paths, { ...task, limitMs });
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

  async #run(vitest: Vitest, paths: readonly string[], task: Task): Promise<Ran> {
    writeFileSync(this.#taskPath, JSON.stringify(task));
    const specifications = paths.map((path) => vitest.getRootProject().createSpecification(path));
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    process.exitCode = 0;
    // The result also has the files that ran earlier.
    return { testModules: testModules.filter(({ moduleId }) => paths.includes(moduleId)), unhandledErrors };
  }
}

const asTestFile = ({ path, ms, tests, elsewhere }: Note): TestFile => ({
  path,
  ms,
  tests: new Map(Object.entries(tests)),
  elsewhere: new Set(elsewhere),
  reached: new Set([...elsewhere, ...Object.values(tests).flat()]),
});

type Ran = { testModules: TestModule[]; unhandledErrors: unknown[] };
type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export const testFilesOf = (globs: readonly string[]): string[] =>
  [...new Set(globSync([...globs], { cwd: root }))].map((path) => join(root, path)).toSorted();

function startVitest(
  paths: readonly string[],
  texts: ReadonlyMap<string, string>,
  options: { isolate: boolean; bail: number; maxWorkers: number },
): Promise<Vitest> {
  return createVitest(
    "test",
    {
      root,
      watch: false,
      fsModuleCache: false,
      include: [...paths],
      reporters: [{}],
      ...options,
      sequence: { sequencer: InOrder },
      runner: join(import.meta.dirname, "in-worker.ts"),
      setupFiles: [join(root, "proof/harness/prototype-guard.ts")],
      testTimeout: 10_000,
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
