import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps,examples,proof,bench,scripts}/**/*.test.ts"],
    // They only end what hangs: on a busy machine a test of many processes takes a minute.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    setupFiles: ["proof/harness/prototype-guard.ts"],
    pool: "forks",
    maxWorkers: 2,
  },
});
