import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { KeeperStore } from "@symbolon/client/keeper";
import { openFilesKeeperStore, type Damage } from "../src/files/index.ts";

export let folder: string;
export let directory: string;

/** Gives each test of the calling file a new `folder`, and in it a `directory` for the store. */
export function useTemporaryDirectory(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
    directory = join(folder, "store");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}

export const open = (damages: Damage[] = []): Promise<KeeperStore> =>
  openFilesKeeperStore({ directory, onDamage: (damage) => damages.push(damage) });

/** The directory of an entry. */
export const entryDirectory = (key = "entry"): string => join(directory, key);

export const filesOf = (kind: "head" | "value", key = "entry"): string[] =>
  readdirSync(entryDirectory(key))
    .filter((name) => name.startsWith(kind))
    .sort();

/** The file with the current value of `entry`. */
export const currentFile = (): string => join(entryDirectory(), filesOf("value").at(-1)!);
/** The file with the value before it. */
export const previousFile = (): string => join(entryDirectory(), filesOf("value")[0]!);

/** Writes `entry` twice: first "old", then "current". */
export async function writeTwice(): Promise<KeeperStore> {
  const store = await open();
  await store.write("entry", 0, "old");
  await store.write("entry", 1, "current");
  return store;
}

export async function listKeys(store: KeeperStore, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.entries(prefix)) keys.push(key);
  return keys;
}
