/** What is changed, and which tests are asked to notice: those of a stage only what no earlier stage noticed. */
export type Part = { folder: string; stages: readonly (readonly string[])[]; leastPercent: number };

const serverTests = [
  "packages/server/src/**/*.test.ts",
  "packages/testing/src/**/*.test.ts",
  "packages/store-sqlite/test/{contract,memory}.test.ts",
];

/** First the tests of the folder, then those of the folders that call it, then all. */
const server = (folder: string, callers: readonly string[]): Part => ({
  folder: `packages/server/src/${folder}`,
  stages: [
    [`packages/server/src/${folder}/**/*.test.ts`],
    callers.map((caller) => `packages/server/src/${caller}/**/*.test.ts`),
    serverTests,
  ],
  leastPercent: 95,
});

export const parts: readonly Part[] = [
  server("grants", ["token", "revoke"]),
  server("token", ["clients"]),
  server("introspect", ["token"]),
  server("clients", ["token", "applications"]),
  server("keyring", ["token"]),
  {
    folder: "packages/store-sqlite/src",
    stages: [
      ["packages/store-sqlite/test/!(memory|processes|size).test.ts"],
      ["packages/store-sqlite/test/**/*.test.ts", "proof/faults/{checkpoint,fsync,storage}.test.ts"],
    ],
    leastPercent: 95,
  },
  {
    folder: "packages/client/src/keeper",
    stages: [
      ["packages/client/src/keeper/**/!(malformed-entries).test.ts"],
      ["packages/keeper-stores/test/{adopt-again,damaged-grants}.test.ts", "proof/mutants/keeper-seeds.ts"],
    ],
    leastPercent: 90,
  },
];
