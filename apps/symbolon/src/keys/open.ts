import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Invocation } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { loadSettings, type SettingFlags } from "../config/settings.ts";
import { parseKeyring, type StoredKeyring } from "../keyring/format.ts";
import { keyringPath } from "../keyring/keyring-file.ts";
import { readPrivateFile } from "../data/private-file.ts";

/** The keyring of the settings. The database stays closed. */
export async function readStoredKeyring({
  flags,
  terminal,
}: { flags: SettingFlags } & Pick<Invocation, "terminal">): Promise<{
  directory: string;
  keyring: StoredKeyring;
  isFile: boolean;
}> {
  const { data: directory, keyring: text } = await loadSettings(flags, terminal);
  if (text !== undefined) return { directory, keyring: parseKeyring(text, "SYMBOLON_KEYRING"), isFile: false };
  const path = keyringPath(directory);
  const file = readPrivateFile(path);
  if (file === undefined)
    throw new Failure(
      `There is no keyring in ${directory}.`,
      existsSync(join(directory, "symbolon.sqlite"))
        ? "Put your copy of keyring.json back: the database in this directory is useless without it."
        : "Name the directory with --data, or start a server there first: symbolon serve --dev.",
    );
  return { directory, keyring: parseKeyring(file.text, path), isFile: true };
}

/** The directory whose keyring.json may be changed. Throws a Failure where the keyring comes from the environment. */
export async function directoryOfKeyring(
  invocation: { flags: SettingFlags } & Pick<Invocation, "terminal">,
): Promise<string> {
  const { directory, isFile } = await readStoredKeyring(invocation);
  if (isFile) return directory;
  throw new Failure(
    "The keyring comes from SYMBOLON_KEYRING, which this command cannot change.",
    "Unset the variable, change keyring.json, then set the variable to the new content of the file.",
  );
}
