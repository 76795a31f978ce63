import { DatabaseSync } from "node:sqlite";

/**
 * Loaded before the server by `--import`: turns synchronous writes off after the store has checked them. A control for
 * fsync.test.ts.
 */
const prepare = DatabaseSync.prototype.prepare;

DatabaseSync.prototype.prepare = function (this: DatabaseSync, ...given: Parameters<typeof prepare>) {
  if (given[0] === "BEGIN IMMEDIATE") this.exec("PRAGMA synchronous = NORMAL");
  return prepare.apply(this, given);
};
