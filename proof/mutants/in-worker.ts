import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { TestRunner, type RunnerTestCase, type RunnerTestFile } from "vitest";

/** What a process of vitest does while mutants are tried. */
export type Task =
  /** Notes which mutants each test reaches. */
  | { kind: "note"; folder: string; limitMs: number }
  /** Runs each test once without a mutant, then once with each mutant of its plan. */
  | { kind: "each test"; plan: Record<string, number[]>; log: string; limitMs: number }
  /** Runs the tests with one mutant, which is there from the start. */
  | { kind: "one mutant"; mutant: number; limitMs: number };

export type Note = { path: string; ms: number; tests: Record<string, number[]>; elsewhere: number[] };
/** A line of the log. `spoiled`: the test then also fails without the mutant. */
export type Try = { test: string; mutant: number; outcome: "begun" | "passed" | "failed" | "timed out" | "spoiled" };

/** `mutants.tried` is what `$mutant` of the changed texts compares with; no mutant is -1. */
type Mutants = { tried: number; hits: number; seen: Set<number> };

const task = JSON.parse(readFileSync(process.env["SYMBOLON_MUTANTS_TASK"]!, "utf8")) as Task;
const mutants: Mutants = { tried: task.kind === "one mutant" ? task.mutant : -1, hits: 0, seen: new Set() };
const tries = new Int32Array(new SharedArrayBuffer(4));

// A loop without an `await` stops every timer of this thread, so another thread ends the process. The limit is one of
// processor time for each try: on a busy machine a good test takes long.
const watch = `
  const { workerData: { tries, limitMs } } = require("node:worker_threads");
  let known = -1, startMs = 0;
  setInterval(() => {
    const { user, system } = process.cpuUsage();
    const ms = (user + system) / 1000;
    if (tries[0] !== known) [known, startMs] = [tries[0], ms];
    else if (ms - startMs > limitMs) process.kill(process.pid, "SIGKILL");
  }, 500)`;

const world = globalThis as { $mutants?: Mutants };
if (world.$mutants === undefined) {
  world.$mutants = mutants;
  new Worker(watch, { eval: true, workerData: { tries, limitMs: task.limitMs } }).unref();
}

export default class MutantsRunner extends TestRunner {
  readonly #tests: Record<string, number[]> = {};
  readonly #elsewhere = new Set<number>();
  #plan: readonly number[] = [];
  readonly #noticed = new Set<number>();
  #timedOut = false;

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    if (task.kind !== "each test") return;
    this.#plan = (task.plan[test.id] ?? []).filter((id) => !this.#noticed.has(id));
    if (this.#plan.length === 0) test.mode = "skip";
    test.repeats = this.#plan.length;
    test.retry = 1;
  }

  override onBeforeTryTask(test: RunnerTestCase, options: { retry: number; repeats: number }): void {
    super.onBeforeTryTask(test, options);
    for (const id of mutants.seen) this.#elsewhere.add(id);
    mutants.seen.clear();
    if (task.kind !== "each test" || options.repeats === 0 || options.retry > 0) return;
    const mutant = this.#plan[options.repeats - 1]!;
    note({ test: test.id, mutant, outcome: "begun" });
    Atomics.add(tries, 0, 1);
    Object.assign(mutants, { tried: mutant, hits: 0 });
  }

  /** After the hooks of the test. A failed try with a mutant is followed by one without. */
  override async onAfterRetryTask(test: RunnerTestCase, options: { retry: number; repeats: number }): Promise<void> {
    await super.onAfterRetryTask(test, options);
    if (task.kind === "note") {
      this.#tests[test.id] = [...mutants.seen];
      mutants.seen.clear();
    }
    if (task.kind !== "each test") return;
    mutants.tried = -1;
    Atomics.add(tries, 0, 1);
    const hasFailed = test.result!.state === "fail";
    if (options.retry === 0) this.#timedOut = test.result!.errors?.some(isTimeout) ?? false;
    const mutant = this.#plan[options.repeats - 1];
    if (options.retry > 0 && hasFailed) {
      if (mutant !== undefined) note({ test: test.id, mutant, outcome: "spoiled" });
      process.kill(process.pid, "SIGKILL");
    } else if (mutant !== undefined && options.retry > 0) {
      this.#noticed.add(mutant);
      note({ test: test.id, mutant, outcome: this.#timedOut ? "timed out" : "failed" });
    } else if (mutant !== undefined && !hasFailed) note({ test: test.id, mutant, outcome: "passed" });
    // vitest tries again only what has an error.
    if (!hasFailed) test.result!.errors = [];
    test.result!.attempts = [];
  }
  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    if (task.kind !== "note") return;
    const { user, system } = process.cpuUsage();
    const elsewhere = [...new Set([...this.#elsewhere, ...mutants.seen])];
    const noted: Note = { path: files[0]!.filepath, ms: (user + system) / 1000, tests: this.#tests, elsewhere };
    writeFileSync(join(task.folder, `${process.pid}.json`), JSON.stringify(noted));
  }
}

const isTimeout = ({ message }: { message: string }): boolean => message.includes("timed out in");

function note(one: Try): void {
  if (task.kind === "each test") appendFileSync(task.log, `${JSON.stringify(one)}\n`);
}
