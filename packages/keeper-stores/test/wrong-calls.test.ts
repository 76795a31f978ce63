import { expect, test } from "vitest";
import { openFilesKeeperStore } from "../src/files/index.ts";
import { openPostgresKeeperStore } from "../src/postgres/index.ts";
import { openSqliteKeeperStore } from "../src/sqlite/index.ts";

type Open = (options?: unknown) => Promise<unknown>;

test.each<[sentence: string, open: unknown, options: unknown]>([
  ["openFilesKeeperStore: directory must be a text", openFilesKeeperStore, undefined],
  ["openFilesKeeperStore: directory must be a text", openFilesKeeperStore, {}],
  ["openFilesKeeperStore: directory must be a text", openFilesKeeperStore, { directory: 5 }],
  [
    "openFilesKeeperStore: directry is not an option (did you mean directory?)",
    openFilesKeeperStore,
    { directry: "x" },
  ],
  ["openFilesKeeperStore: onDamage must be a function", openFilesKeeperStore, { directory: "x", onDamage: 5 }],
  ["openSqliteKeeperStore: path must be a text", openSqliteKeeperStore, {}],
  ["openSqliteKeeperStore: file is not an option", openSqliteKeeperStore, { file: "x" }],
  ["openPostgresKeeperStore: connectionString must be a text", openPostgresKeeperStore, null],
  [
    "openPostgresKeeperStore: connectionstring is not an option (did you mean connectionString?)",
    openPostgresKeeperStore,
    { connectionstring: "x" },
  ],
])("%s", async (sentence, open, options) => {
  await expect((open as Open)(options)).rejects.toThrow(new TypeError(sentence));
});
