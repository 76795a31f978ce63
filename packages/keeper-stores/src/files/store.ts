import { statSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fsyncDirectory } from "@symbolon/durable-files";
import type { Entry, KeeperStore } from "@symbolon/client/keeper";
import { validateEntry } from "../entry.ts";
import { codeOf, withStoreErrors, KeeperStoreRefused, KeeperStoreUnavailable } from "../errors.ts";
import { refuseUnsafeDirectory } from "../private-path.ts";
import { newName } from "./edge.ts";
import { directoryOf, draftName, goneNameOf, headNameOf, keyOf, readHead, valueName, type Head } from "./names.ts";
import { readValueFile, writeValueFile } from "./value-file.ts";

/** A problem with one entry. */
export type Damage = {
  /** The key of the entry. */
  key: string;
  /** The damaged file; or the entry's directory, where the entry is refused and was skipped in a list. */
  path: string;
  /** The revision whose value is used instead. Absent if there is none: the value then reads as empty. */
  kept?: number;
  /** What is wrong, and what to do. */
  message: string;
};

/**
 * The value of an entry whose files are all damaged. The entry still exists with its revision, so that it can be
 * overwritten or removed; no keeper takes this value for a record.
 */
const lostValue = "";

/** One listing of an entry's directory. */
type Listing = { names: readonly string[]; head: Head };

/** How often a reader starts over because another process wrote meanwhile. */
const maxReadAttempts = 200;

/** @see names.ts for the layout of the files, and for why no lock is needed */
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
      return (await this.#readEntry(key))?.entry;
    });
  }

  write(key: string, expected: number, value: string): Promise<number | undefined> {
    return this.#run(async () => {
      validateEntry(key, value);
      const current = await this.#readEntry(key);
      if ((current?.entry?.revision ?? 0) !== expected) return undefined;
      return current === undefined ? this.#create(key, value) : this.#replace(key, current.listing, value);
    });
  }

  remove(key: string, expected: number): Promise<boolean> {
    return this.#run(async () => {
      validateEntry(key);
      const current = await this.#readEntry(key);
      if (current?.entry?.revision !== expected) return false;
      const { head, names } = current.listing;
      if (!(await this.#moveHead(key, head, goneNameOf(head.revision + 1)))) return false;
      await this.#deleteStaleValues(key, names, undefined);
      return true;
    });
  }

  /** Skips entries that are refused and reports them to `onDamage`. Reading such an entry by its key rejects. */
  async *entries(prefix: string): AsyncIterable<Entry & { key: string }> {
    const listed = await this.#run(() => readdir(this.#directory, { withFileTypes: true }));
    const keys = listed.flatMap((found) => (found.isFile() ? [] : (keyOf(found.name) ?? [])));
    for (const key of keys.filter((one) => one.startsWith(prefix)).sort()) {
      const entry = await this.read(key).catch((error: unknown) => this.#skip(key, error));
      if (entry !== undefined) yield { key, ...entry };
    }
  }

  #skip(key: string, error: unknown): undefined {
    if (!(error instanceof KeeperStoreRefused)) throw error;
    this.#onDamage({ key, path: this.#pathOf(key), message: error.message });
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

  readonly #pathOf = (key: string, name = ""): string => join(this.#directory, directoryOf(key), name);

  /**
   * Reads the entry, with the listing that it was read from. `entry` is absent if it was removed; undefined if it
   * never existed.
   */
  async #readEntry(key: string): Promise<{ listing: Listing; entry?: Entry } | undefined> {
    for (let attempt = 0; attempt < maxReadAttempts; attempt++) {
      const listing = await this.#readHead(key);
      if (listing === undefined) return this.#assertNotReplaced();
      const { head } = listing;
      if (head.current === undefined) return { listing };
      const read = await readValueFile(this.#pathOf(key, head.current), key, head.revision);
      if (read.status === "intact") return { listing, entry: { revision: head.revision, value: read.value } };
      // Where the head has changed, the file was not damaged but deleted by a newer write.
      if ((await this.#readHead(key))?.head.name !== head.name) continue;
      const value = await this.#previousValue(key, head, head.current);
      return { listing, entry: { revision: head.revision, value } };
    }
    throw new KeeperStoreUnavailable(`${key}: other processes wrote ${maxReadAttempts} times while it was being read`);
  }

  /** The value before a damaged one, or `lostValue`. Reports the damage. */
  async #previousValue(key: string, { revision, previous }: Head, current: string): Promise<string> {
    const path = this.#pathOf(key, current);
    const read =
      previous === undefined ? undefined : await readValueFile(this.#pathOf(key, previous), key, revision - 1);
    if (read?.status === "intact") {
      const message = `${path} is damaged. The previous value is used until the next write.`;
      this.#onDamage({ key, path, kept: revision - 1, message });
      return read.value;
    }
    const message = `${path} is damaged, and there is no intact previous value. Restore the file, or write ${key} again.`;
    this.#onDamage({ key, path, message });
    return lostValue;
  }

  /** Throws if the store's directory was removed or replaced: then not the entry is missing, but the store. */
  async #assertNotReplaced(): Promise<undefined> {
    const { dev, ino } = await stat(this.#directory);
    if (`${dev}:${ino}` !== this.#identity)
      throw new KeeperStoreUnavailable(`${this.#directory} was moved or replaced while it was open`);
  }

  /** Lists the entry's directory. Undefined if there is no entry. */
  async #readHead(key: string): Promise<Listing | undefined> {
    const path = this.#pathOf(key);
    for (let attempt = 0; attempt < 10; attempt++) {
      const names = await this.#list(path);
      if (names === undefined || names.length === 0) return undefined;
      const heads = names.map(readHead).filter((head) => head !== undefined);
      // A listing is not atomic: it may show the head under both its old and its new name, or under neither.
      const head = heads.sort((one, other) => other.revision - one.revision)[0];
      if (head !== undefined) return { names, head };
    }
    throw new KeeperStoreRefused(`${path} is not an entry of a keeper's store. Move it out of the directory.`);
  }

  async #list(path: string): Promise<string[] | undefined> {
    try {
      refuseUnsafeDirectory(path, await lstat(path));
      return await readdir(path);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Prepares the entry's directory under another name and renames it, which fails if the entry exists by now. */
  async #create(key: string, value: string): Promise<number | undefined> {
    const id = newName();
    const draft = join(this.#directory, draftName(id));
    await mkdir(draft, { mode: 0o700 });
    try {
      await writeValueFile(join(draft, valueName(1, id)), key, 1, value);
      await writeFile(join(draft, headNameOf(1, id, undefined)), "", { mode: 0o600, flag: "wx" });
      await fsyncDirectory(draft);
      await rename(draft, this.#pathOf(key));
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (["ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) return undefined;
      throw error;
    }
    await fsyncDirectory(this.#directory);
    return 1;
  }

  async #replace(key: string, { names, head }: Listing, value: string): Promise<number | undefined> {
    const revision = head.revision + 1;
    const id = newName();
    const path = this.#pathOf(key, valueName(revision, id));
    await writeValueFile(path, key, revision, value);
    if (await this.#moveHead(key, head, headNameOf(revision, id, head))) {
      await this.#deleteStaleValues(key, names, head.current);
      return revision;
    }
    await unlink(path).catch(() => {});
    return undefined;
  }

  /** The compare-and-set. Returns false if the head was changed meanwhile, and true once the new name is on disk. */
  async #moveHead(key: string, head: Head, name: string): Promise<boolean> {
    try {
      await rename(this.#pathOf(key, head.name), this.#pathOf(key, name));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return false;
      throw error;
    }
    await fsyncDirectory(this.#pathOf(key));
    return true;
  }

  /**
   * Deletes the value files that were listed before our head was renamed, except `kept`. They were prepared for a head
   * that no longer exists, so they can never become current. This also removes what killed processes left behind.
   */
  async #deleteStaleValues(key: string, seen: readonly string[], kept: string | undefined): Promise<void> {
    const stale = seen.filter((name) => name.startsWith("value.") && name !== kept);
    await Promise.all(stale.map((name) => unlink(this.#pathOf(key, name)).catch(() => {})));
  }
}
