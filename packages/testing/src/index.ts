export * from "./arbitraries.ts";
export * from "./examples.ts";
export * from "./fake-clock.ts";
export * from "./seeded-random.ts";
export * from "./simulator/lineage-model.ts";
export * from "./store-contract/store-contract.ts";
