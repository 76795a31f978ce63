export { DatabaseRefused } from "./faults.ts";
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from "./store.ts";
export type { Verification } from "./verify.ts";
