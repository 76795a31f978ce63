import type { Invocation } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { loadSettings, type SettingFlags } from "../config/settings.ts";
import { parseKeyring, type StoredKeyring } from "../keyring/format.ts";
import { keyringPath } from "../keyring/keyring-file.ts";
import { readPrivateFile } from "../data/private-file.ts";

/** The keyring that the settings lead to, without opening the database. */
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
      "Name the directory with --data, or start a server there first: npm start.",
    );
  return { directory, keyring: parseKeyring(file.text, path), isFile: true };
}

/** A keyring that comes from the environment is changed where it is kept. */
export async function directoryOfKeyring(
  invocation: { flags: SettingFlags } & Pick<Invocation, "terminal">,
): Promise<string> {
  const { directory, isFile } = await readStoredKeyring(invocation);
  if (isFile) return directory;
  throw new Failure(
    "The keyring comes from SYMBOLON_KEYRING, which this command cannot change.",
    "Unset the variable to work on keyring.json, then put the new text where the variable is set.",
  );
}
