import { DatabaseSync } from "node:sqlite";

/**
 * Loaded before the server by `--import`: once the store has asserted that it is durable, it no longer is. A control
 * for fsync.test.ts.
 */
const prepare = DatabaseSync.prototype.prepare;

DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...given: Parameters<typeof prepare>) {
  if (given[0] === "BEGIN IMMEDIATE") this.exec("PRAGMA synchronous = NORMAL");
  return prepare.apply(this, given);
};
