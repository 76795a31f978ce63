import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { afterAll } from "vitest";

// Loaded before each test file while mutants are tried.

const { SYMBOLON_MUTANT, SYMBOLON_MUTANT_LIMIT_MS, SYMBOLON_MUTANTS_SEEN } = process.env;

// A loop without an `await` stops every timer of this thread, so another thread ends the process. The limit is one of
// processor time: on a busy machine a good test takes long.
if (SYMBOLON_MUTANT !== undefined)
  new Worker(
    `setInterval(() => {
      const { user, system } = process.cpuUsage();
      if ((user + system) / 1000 > ${Number(SYMBOLON_MUTANT_LIMIT_MS)}) process.kill(${process.pid}, "SIGKILL");
    }, 500)`,
    { eval: true },
  ).unref();

if (SYMBOLON_MUTANTS_SEEN !== undefined)
  afterAll(() => {
    const { $mutantsSeen = new Set() } = globalThis as { $mutantsSeen?: Set<number> };
    const { user, system } = process.cpuUsage();
    writeFileSync(SYMBOLON_MUTANTS_SEEN, JSON.stringify({ ms: (user + system) / 1000, seen: [...$mutantsSeen] }));
  });
