import { statSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fsyncDirectory } from "@symbolon/durable-files";
import type { Entry, KeeperStore } from "@symbolon/client/keeper";
import { validateEntry } from "../entry.ts";
import { codeOf, withStoreErrors, KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
import { refuseUnfitDirectory } from "../place.ts";
import { newName } from "./edge.ts";
import { directoryOf, draftName, goneNameOf, headNameOf, keyOf, readHead, valueName, type Head } from "./names.ts";
import { readValueFile, writeValueFile } from "./value-file.ts";

/**
 * The file of a current value is torn, foreign or missing. `kept` is the revision taken instead; where it is absent,
 * the one before is no better, and the value reads as empty. Or the entry is refused, and was passed over in a list of
 * entries: then `path` is its directory. `says` tells a person what is wrong and what to do.
 */
export type Damage = { key: string; path: string; kept?: number; says: string };

/**
 * An entry whose value is lost has not gone: it keeps its revision, so that it can be written over or removed by
 * whoever saw it, and its value is one that nobody takes for a record.
 */
const lostValue = "";

/** What one look into an entry's directory found. */
type Found = { names: readonly string[]; head: Head };

/** How often a reader starts over because writers were faster. Each time means that one of them got on. */
const patience = 200;

/** How the store works, and why it needs no lock: names.ts. */
export class FilesKeeperStore implements KeeperStore {
  readonly #directory: string;
  readonly #onDamage: (damage: Damage) => void;
  readonly #identity: string;
  #closed = false;

  constructor(directory: string, onDamage: (damage: Damage) => void) {
    this.#directory = directory;
    const { dev, ino } = statSync(directory);
    this.#identity = `${dev}:${ino}`;
    this.#onDamage = onDamage;
  }

  read(key: string): Promise<Entry | undefined> {
    return this.#run(async () => {
      validateEntry(key);
      return (await this.#settle(key))?.entry;
    });
  }

  write(key: string, expected: number, value: string): Promise<number | undefined> {
    return this.#run(async () => {
      validateEntry(key, value);
      const settled = await this.#settle(key);
      if ((settled?.entry?.revision ?? 0) !== expected) return undefined;
      return settled === undefined ? this.#create(key, value) : this.#replace(key, settled.found, value);
    });
  }

  remove(key: string, expected: number): Promise<boolean> {
    return this.#run(async () => {
      validateEntry(key);
      const settled = await this.#settle(key);
      if (settled?.entry?.revision !== expected) return false;
      const { head, names } = settled.found;
      if (!(await this.#moveHead(key, head, goneNameOf(head.revision + 1)))) return false;
      await this.#discard(key, names, undefined);
      return true;
    });
  }

  /**
   * Passes over an entry that is refused, so that one odd file stops nobody else; `onDamage` hears of it, and whoever
   * asks for it by its key hears why.
   */
  async *entries(prefix: string): AsyncIterable<Entry & { key: string }> {
    const listed = await this.#run(() => readdir(this.#directory, { withFileTypes: true }));
    const keys = listed.flatMap((found) => (found.isFile() ? [] : (keyOf(found.name) ?? [])));
    for (const key of keys.filter((one) => one.startsWith(prefix)).sort()) {
      const entry = await this.read(key).catch((error: unknown) => this.#passOver(key, error));
      if (entry !== undefined) yield { key, ...entry };
    }
  }

  #passOver(key: string, error: unknown): undefined {
    if (!(error instanceof KeeperStoreRefused)) throw error;
    this.#onDamage({ key, path: this.#in(key), says: error.message });
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #run<T>(operation: () => Promise<T>): Promise<T> {
    return withStoreErrors(() => {
      if (this.#closed) throw new KeeperStoreUnavailable("the store is closed");
      return operation();
    });
  }

  readonly #in = (key: string, name = ""): string => join(this.#directory, directoryOf(key), name);

  /**
   * The entry at one moment, with the directory that it was read from: without one where it was removed, undefined
   * where there never was one.
   */
  async #settle(key: string): Promise<{ found: Found; entry?: Entry } | undefined> {
    for (let attempt = 0; attempt < patience; attempt++) {
      const found = await this.#look(key);
      if (found === undefined) return this.#assertUnmoved();
      const { head } = found;
      if (head.current === undefined) return { found };
      const path = this.#in(key, head.current);
      const read = await readValueFile(path, key, head.revision);
      if (read.is === "whole") return { found, entry: { revision: head.revision, value: read.value } };
      if ((await this.#look(key))?.head.name !== head.name) continue;
      const before =
        head.previous === undefined
          ? undefined
          : await readValueFile(this.#in(key, head.previous), key, head.revision - 1);
      if (before?.is !== "whole") {
        this.#onDamage({
          key,
          path,
          says: `${path} is damaged, and there is none before it that could be used. Bring the file back, or write ${key} anew.`,
        });
        return { found, entry: { revision: head.revision, value: lostValue } };
      }
      this.#onDamage({
        key,
        path,
        kept: head.revision - 1,
        says: `${path} is damaged; the one before it is used until the next write.`,
      });
      return { found, entry: { revision: head.revision, value: before.value } };
    }
    throw new KeeperStoreUnavailable(`${key}: others wrote ${patience} times while it was being read`);
  }

  /** Where the directory itself is gone, or another lies in its place, no entry is missing: the store is. */
  async #assertUnmoved(): Promise<undefined> {
    const { dev, ino } = await stat(this.#directory);
    if (`${dev}:${ino}` !== this.#identity)
      throw new KeeperStoreUnavailable(`${this.#directory} was moved or replaced while it was open`);
  }

  async #look(key: string): Promise<Found | undefined> {
    const path = this.#in(key);
    for (let attempt = 0; attempt < 10; attempt++) {
      const names = await this.#list(path);
      if (names === undefined || names.length === 0) return undefined;
      const heads = names.map(readHead).filter((head) => head !== undefined);
      // A listing that takes several calls may see a head under both of its names, or under neither.
      const head = heads.sort((one, other) => other.revision - one.revision)[0];
      if (head !== undefined) return { names, head };
    }
    throw new KeeperStoreRefused(`${path} is not an entry of a keeper's store. Move it elsewhere.`);
  }

  async #list(path: string): Promise<string[] | undefined> {
    try {
      refuseUnfitDirectory(path, await lstat(path));
      return await readdir(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Prepares the whole directory beside, and renames it: the kernel refuses that where there is an entry by now. */
  async #create(key: string, value: string): Promise<number | undefined> {
    const id = newName();
    const draft = join(this.#directory, draftName(id));
    await mkdir(draft, { mode: 0o700 });
    try {
      await writeValueFile(join(draft, valueName(1, id)), key, 1, value);
      await writeFile(join(draft, headNameOf(1, id, undefined)), "", { mode: 0o600, flag: "wx" });
      await fsyncDirectory(draft);
      await rename(draft, this.#in(key));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) return undefined;
      throw error;
    }
    await fsyncDirectory(this.#directory);
    return 1;
  }

  async #replace(key: string, { names, head }: Found, value: string): Promise<number | undefined> {
    const revision = head.revision + 1;
    const id = newName();
    const path = this.#in(key, valueName(revision, id));
    await writeValueFile(path, key, revision, value);
    if (await this.#moveHead(key, head, headNameOf(revision, id, head))) {
      await this.#discard(key, names, head.current);
      return revision;
    }
    await unlink(path).catch(() => {});
    return undefined;
  }

  /** The compare-and-set. Answers false where the head has gone on; on return its new name is on disk. */
  async #moveHead(key: string, head: Head, name: string): Promise<boolean> {
    try {
      await rename(this.#in(key, head.name), this.#in(key, name));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
    await fsyncDirectory(this.#in(key));
    return true;
  }

  /**
   * What was seen before our own head was in place, and is neither kept nor that head, can never be current again: it
   * was prepared for a head that is gone by now. So the winner clears away what killed processes have left.
   */
  async #discard(key: string, seen: readonly string[], kept: string | undefined): Promise<void> {
    const stale = seen.filter((name) => name.startsWith("value.") && name !== kept);
    await Promise.all(stale.map((name) => unlink(this.#in(key, name)).catch(() => {})));
  }
}
