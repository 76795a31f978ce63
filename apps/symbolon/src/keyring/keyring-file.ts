import { join } from "node:path";
import { replaceFileSync } from "@symbolon/durable-files";
import type { Clock, KeyringData, Random } from "@symbolon/server";
import { readPrivateFile, versionOfFile } from "../data/private-file.ts";
import { withProcessLock } from "../data/process-lock.ts";
import { messageOf } from "../command/failure.ts";
import { formatKeyring, newKeyring, parseKeyring, type StoredKeyring } from "./format.ts";

export const keyringPath = (directory: string): string => join(directory, "keyring.json");

type World = { clock: Clock; random: Random; notice(text: string): void };

/** Reads the keyring of the data directory; makes one, exactly one, where there is none. `made` tells which. */
export async function openKeyringFile(
  directory: string,
  { clock, random, notice }: World,
): Promise<{ load: () => KeyringData; made: boolean }> {
  const path = keyringPath(directory);
  const made = readPrivateFile(path) === undefined && (await makeKeyring(directory, clock, random));
  return { load: followFile(path, clock, notice), made };
}

/** Whoever gets the lock second finds the keyring of the first. */
const makeKeyring = (directory: string, clock: Clock, random: Random): Promise<boolean> =>
  withProcessLock(directory, () => {
    const path = keyringPath(directory);
    if (readPrivateFile(path) !== undefined) return false;
    replaceFileSync(path, formatKeyring(newKeyring(clock, random)));
    return true;
  });

/** Rewrites the keyring under the lock, so that two changes at once do not lose one. */
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
 * The keyring as it stands, looked at again at most once a second and only when somebody asks. Answers the same object
 * while the file has not changed. A file that has become unreadable changes nothing: the keys at hand stay in use, and
 * `notice` hears why, once for each version of the file.
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
      known = readKeyring(path);
      refused = undefined;
    } catch (error) {
      refused = version;
      notice(`The keyring stays as it was. ${messageOf(error)}`);
    }
    return known.keyring;
  };
}

function readKeyring(path: string): { keyring: StoredKeyring; version: string } {
  const file = readPrivateFile(path);
  if (file === undefined) throw new Error(`${path} is gone.`);
  return { keyring: parseKeyring(file.text, path), version: file.version };
}
