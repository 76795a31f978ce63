import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup } from "node:sqlite";
import { createEmptyFileSync, fsyncDirectorySync, fsyncFileSync } from "@symbolon/durable-files";
import { connectReadOnly } from "./connection.ts";

/** More pages than a database can have: the copy is one step, hence one snapshot that a writer cannot restart. */
const allPages = 2 ** 31 - 1;

/**
 * Copies the database as it is at one moment to the new file `toPath` (mode 0600), while the store keeps working. The
 * copy gets its name once it is complete and on the disk. Never overwrites.
 */
export async function backupTo(path: string, toPath: string): Promise<void> {
  const unfinished = `${toPath}.unfinished`;
  if (existsSync(toPath)) throw new Error(`${toPath} exists already; a backup never overwrites`);
  rmSync(unfinished, { force: true });
  createEmptyFileSync(unfinished);
  const source = connectReadOnly(path);
  try {
    await backup(source, unfinished, { rate: allPages });
    chmodSync(unfinished, 0o600);
    fsyncFileSync(unfinished);
    renameSync(unfinished, toPath);
    fsyncDirectorySync(dirname(toPath));
  } finally {
    source.close();
    rmSync(unfinished, { force: true });
  }
}
