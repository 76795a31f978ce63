export * from "./memory-store.ts";
export * from "./provider.ts";
export * from "./store.ts";
