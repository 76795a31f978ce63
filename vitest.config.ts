import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps,examples,proof,bench,scripts}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ["proof/harness/prototype-guard.ts"],
    pool: "forks",
    maxWorkers: 2,
  },
});
