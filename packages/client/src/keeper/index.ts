export * from "./provider.ts";
export * from "./store.ts";
