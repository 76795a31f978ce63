import { join } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import type { Clock, KeyringData, Random } from "@symbolon/server";
import { readPrivateFile, versionOfFile } from "../data/private-file.ts";
import { withProcessLock } from "../data/process-lock.ts";
import { messageOf } from "../command/failure.ts";
import { formatKeyring, keyringId, newKeyring, parseKeyring, type StoredKeyring } from "./format.ts";

export const keyringPath = (directory: string): string => join(directory, "keyring.json");

type World = { clock: Clock; random: Random; notice(text: string): void };

/**
 * Opens the keyring of the data directory. Where there is none, it makes one, unless `beforeMaking` throws; `made`
 * tells whether it did.
 */
export async function openKeyringFile(
  directory: string,
  { clock, random, notice }: World,
  beforeMaking: () => Promise<void>,
): Promise<{ load: () => KeyringData; made: boolean }> {
  const path = keyringPath(directory);
  const made = readPrivateFile(path) === undefined && (await makeKeyring(directory, { clock, random }, beforeMaking));
  return { load: followFile(path, clock, notice), made };
}

/** Of two processes at once, one makes the keyring and the other finds it. Returns whether this one made it. */
const makeKeyring = (
  directory: string,
  { clock, random }: Omit<World, "notice">,
  beforeMaking: () => Promise<void>,
): Promise<boolean> =>
  withProcessLock(directory, async () => {
    const path = keyringPath(directory);
    if (readPrivateFile(path) !== undefined) return false;
    await beforeMaking();
    replaceFileSync(path, formatKeyring(newKeyring(clock, random)));
    return true;
  });

/** Rewrites the keyring under the lock, so that no concurrent change is lost. */
export const changeKeyringFile = <T>(
  directory: string,
  change: (keyring: StoredKeyring) => { keyring: StoredKeyring; answer: T },
): Promise<T> =>
  withProcessLock(directory, () => {
    const path = keyringPath(directory);
    const { keyring, answer } = change(readKeyring(path).keyring);
    replaceFileSync(path, formatKeyring(keyring));
    return answer;
  });

const checkEveryMs = 1000;

/**
 * A function that returns the current keyring. It checks the file at most once a second, and returns the same object
 * while the file is unchanged. If the file becomes unreadable, the known keys stay in use, and `notice` receives the
 * reason once for each version of the file.
 */
function followFile(path: string, clock: Clock, notice: World["notice"]): () => KeyringData {
  let known = readKeyring(path);
  let checkedAtMs = clock.monotonicMs();
  let refused: string | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - checkedAtMs < checkEveryMs) return known.keyring;
    checkedAtMs = nowMs;
    const version = versionOfFile(path);
    if (version === known.version || version === refused) return known.keyring;
    try {
      known = readSameKeyring(path, known.keyring);
      refused = undefined;
    } catch (error) {
      refused = version;
      notice(`The keyring file is not used; the keys from before stay in use. ${messageOf(error)}`);
    }
    return known.keyring;
  };
}

function readSameKeyring(path: string, known: StoredKeyring): ReturnType<typeof readKeyring> {
  const found = readKeyring(path);
  if (keyringId(found.keyring) !== keyringId(known)) throw new Error(`${path} is the keyring of another database.`);
  return found;
}

/** The keyring in the data directory, or undefined if there is none. */
export function findKeyring(directory: string): StoredKeyring | undefined {
  const path = keyringPath(directory);
  const file = readPrivateFile(path);
  return file === undefined ? undefined : parseKeyring(file.text, path);
}

function readKeyring(path: string): { keyring: StoredKeyring; version: string } {
  const file = readPrivateFile(path);
  if (file === undefined) throw new Error(`${path} is gone.`);
  return { keyring: parseKeyring(file.text, path), version: file.version };
}
