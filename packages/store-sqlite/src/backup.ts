import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { backup } from "node:sqlite";
import { connectReadOnly } from "./connection.ts";
import { createFile, syncDirectory } from "./place.ts";

/**
 * More pages than a database can have: the copy is one step, hence one snapshot that no writer can make start again.
 */
const allPages = 2 ** 31 - 1;

/**
 * Copies the database as it stands at one moment to the new file `toPath` (mode 0600), while the store goes on working.
 * The copy appears under its name only when it is complete and on the disk. Never overwrites.
 */
export async function backupTo(path: string, toPath: string): Promise<void> {
  const unfinished = `${toPath}.unfinished`;
  if (existsSync(toPath)) throw new Error(`${toPath} exists already; a backup never overwrites`);
  rmSync(unfinished, { force: true });
  createFile(unfinished);
  const source = connectReadOnly(path);
  try {
    await backup(source, unfinished, { rate: allPages });
    chmodSync(unfinished, 0o600);
    syncFile(unfinished);
    renameSync(unfinished, toPath);
    syncDirectory(dirname(toPath));
  } finally {
    source.close();
    rmSync(unfinished, { force: true });
  }
}

function syncFile(path: string): void {
  const handle = openSync(path, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
