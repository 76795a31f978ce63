import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hmacKeyring, type Keyring } from "@symbolon/server";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";

/** A temporary data directory with its keyring, shared by the servers of one test. */
export type DataDirectory = {
  path: string;
  keyring: Keyring;
  /** The keyring as the variable SYMBOLON_KEYRING holds it. */
  keyringText: string;
  /** Opens the store for `work`, while servers may use it too, and closes it. */
  withStore<T>(work: (store: SqliteStore) => Promise<T>): Promise<T>;
  remove(): void;
};

/** Interrupted scripts and test runners exit normally, so that the exit handlers remove all files and processes. */
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

export function makeDataDirectory(): DataDirectory {
  const path = mkdtempSync(join(tmpdir(), "symbolon-conformance-"));
  const removeAll = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", removeAll);
  const secret = () => randomBytes(32).toString("base64url");
  const data = {
    format: 1 as const,
    nextId: 2,
    keys: [{ id: 1, secret: secret(), createdAt: 0, activeFrom: 0 }],
    pepper: secret(),
  };
  return {
    path,
    keyring: hmacKeyring(() => data),
    keyringText: JSON.stringify(data),
    async withStore(work) {
      const store = openSqliteStore({ path: join(path, "symbolon.sqlite") });
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    remove() {
      process.removeListener("exit", removeAll);
      removeAll();
    },
  };
}
