import type { DatabaseSync } from "node:sqlite";
import type { Access } from "./access.ts";

/**
 * A write that overwrites every page that it frees, for rows that hold what a person wrote (ST-08). FAST, in force
 * otherwise, overwrites only within pages that stay in use.
 */
export const erasing =
  (database: DatabaseSync, write: Access["write"]): Access["write"] =>
  (operate) =>
    write(() => {
      database.exec("PRAGMA secure_delete = ON");
      try {
        return operate();
      } finally {
        database.exec("PRAGMA secure_delete = FAST");
      }
    });
