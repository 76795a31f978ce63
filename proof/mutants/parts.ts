/** What is changed, and which tests are asked to notice. */
export type Part = { folder: string; tests: readonly string[]; leastPercent: number };

const serverTests = [
  "packages/server/src/**/*.test.ts",
  "packages/testing/src/**/*.test.ts",
  "packages/store-sqlite/test/{contract,memory}.test.ts",
];

const server = (folder: string): Part => ({
  folder: `packages/server/src/${folder}`,
  tests: serverTests,
  leastPercent: 95,
});

export const parts: readonly Part[] = [
  server("grants"),
  server("token"),
  server("introspect"),
  server("clients"),
  server("keyring"),
  {
    folder: "packages/store-sqlite/src",
    tests: ["packages/store-sqlite/test/**/*.test.ts", "proof/faults/{checkpoint,fsync,storage}.test.ts"],
    leastPercent: 95,
  },
  {
    folder: "packages/client/src/keeper",
    tests: [
      "packages/client/src/keeper/**/!(malformed-entries).test.ts",
      "packages/keeper-stores/test/{adopt-again,damaged-grants}.test.ts",
      "proof/mutants/keeper-seeds.ts",
    ],
    leastPercent: 90,
  },
];
