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

/**
 * Where the keeper of this person is. The key is never where the records are: a copy of one is worth nothing without
 * the other.
 */
export type KeeperPlace = {
  directory: string;
  keyFile: string;
  /** Where pairs wait, sealed, that the records could not take (refresh-tokens.md B3.3). */
  spoolBase: string;
};

/**
 * `--keeper`, or SYMBOLON_KEEPER, or where the platform keeps a person's data. @see XDG Base Directory Specification
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
      `The key ${keyFile} would lie among the records that it seals.`,
      "Name another place with SYMBOLON_KEEPER_KEY_FILE.",
    );
  return {
    directory,
    keyFile,
    spoolBase: join(baseOf(env["XDG_STATE_HOME"], ".local/state"), "symbolon", "keeper-spool"),
  };
}

/** The specification takes absolute paths only. */
function baseOf(path: string | undefined, byDefault: string): string {
  if (path !== undefined && isAbsolute(path)) return path;
  if (isAbsolute(homedir())) return join(homedir(), byDefault);
  throw new Failure(
    "HOME names no directory, so there is no place for the grants and their key.",
    "Set HOME, or XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_STATE_HOME.",
  );
}

/**
 * The key that wraps the store's own: of SYMBOLON_KEEPER_KEY, else of the key file; undefined where there is neither.
 */
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
      `${where} does not hold a key: 32 bytes as 43 characters of base64url.`,
      "Put the right key back: with a new one, what is sealed cannot be opened. Only for a first login one is made by: node -p 'crypto.randomBytes(32).toString(\"base64url\")'",
    );
  return wrappingKey(createHash("sha256").update(bytes).digest("base64url").slice(0, 11), bytes);
}

/** Makes the key file, 0600. Of several who do it at once, the first decides what it is. */
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
