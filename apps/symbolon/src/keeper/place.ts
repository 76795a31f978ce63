import { createHash, randomBytes } from "node:crypto";
import { linkSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { wrappingKey, type WrappingKey } from "@symbolon/client/keeper";
import { writeNewFileSync } from "@symbolon/durable-files";
import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import { Failure } from "../command/failure.ts";
import { preparePrivateDirectory, readPrivateFile } from "../data/private-file.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where the keeper of this user is. The key never lies beside the records: a copy of one is useless alone. */
export type KeeperPlace = {
  directory: string;
  keyFile: string;
  /** The directory of the outboxes: sealed tokens that could not be stored yet (refresh-tokens.md B3.3). */
  outboxBase: string;
};

/**
 * The place from `--keeper`, SYMBOLON_KEEPER or the XDG directories. @see XDG Base Directory Specification
 */
export function keeperPlace(flag: string | undefined, env: Env, cwd: string): KeeperPlace {
  const named = flag ?? env["SYMBOLON_KEEPER"];
  const directory =
    named === undefined || named === ""
      ? join(baseOf(env["XDG_DATA_HOME"], ".local/share"), "symbolon", "keeper")
      : resolve(cwd, named);
  const keyFile = resolve(
    cwd,
    env["SYMBOLON_KEEPER_KEY_FILE"] || join(baseOf(env["XDG_CONFIG_HOME"], ".config"), "symbolon", "keeper.key"),
  );
  const fromDirectory = relative(directory, keyFile);
  if (!fromDirectory.startsWith("..") && !isAbsolute(fromDirectory))
    throw new Failure(
      `The key ${keyFile} lies inside the directory of the grants that it seals.`,
      "Name a file outside of it with SYMBOLON_KEEPER_KEY_FILE.",
    );
  return {
    directory,
    keyFile,
    outboxBase: join(baseOf(env["XDG_STATE_HOME"], ".local/state"), "symbolon", "keeper-spool"),
  };
}

/** The specification allows absolute paths only. */
function baseOf(path: string | undefined, defaultPath: string): string {
  if (path !== undefined && isAbsolute(path)) return path;
  if (isAbsolute(homedir())) return join(homedir(), defaultPath);
  throw new Failure(
    "HOME is not set to a directory, so there is no place for the grants and their key.",
    "Set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_STATE_HOME.",
  );
}

/** The key that wraps the store's key: from SYMBOLON_KEEPER_KEY, else from the key file; `undefined` without both. */
export function readKey({ keyFile }: KeeperPlace, env: Env): WrappingKey | undefined {
  const fromEnv = env["SYMBOLON_KEEPER_KEY"];
  if (fromEnv !== undefined && fromEnv !== "") return keyOf(fromEnv, "SYMBOLON_KEEPER_KEY");
  const text = readPrivateFile(keyFile)?.text;
  return text === undefined ? undefined : keyOf(text.trim(), keyFile);
}

function keyOf(text: string, where: string): WrappingKey {
  const bytes = decodeBase64Url(text);
  if (bytes?.length !== 32)
    throw new Failure(
      `${where} does not hold a key of 32 bytes (43 characters of base64url).`,
      "Restore the right key: a new key cannot open the grants. To make a key before the first login: node -p 'crypto.randomBytes(32).toString(\"base64url\")'",
    );
  return wrappingKey(createHash("sha256").update(bytes).digest("base64url").slice(0, 11), bytes);
}

/** Makes the key file with mode 0600. If several processes make it at once, the first one wins. */
export function makeKey({ keyFile }: KeeperPlace): WrappingKey {
  preparePrivateDirectory(dirname(keyFile));
  const draft = `${keyFile}.${process.pid}.new`;
  writeNewFileSync(draft, `${encodeBase64Url(randomBytes(32))}\n`);
  try {
    linkSync(draft, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft);
  }
  return keyOf(readPrivateFile(keyFile)!.text.trim(), keyFile);
}
