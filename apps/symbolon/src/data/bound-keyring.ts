import type { SqliteStore } from "@symbolon/store-sqlite";
import type { KeyringData } from "@symbolon/server";
import { Failure } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";
import { keyringId, parseKeyring } from "../keyring/format.ts";
import { findKeyring, keyringPath } from "../keyring/keyring-file.ts";

/** The keyring of the settings; undefined if there is none yet. Throws a Failure for a damaged one. */
export const readKeyring = ({ keyring, data }: Settings): KeyringData | undefined =>
  keyring === undefined ? findKeyring(data) : parseKeyring(keyring, "SYMBOLON_KEYRING");

type Bound = Pick<SqliteStore, "keyring">;

const beginAnew = "To begin anew, without its accounts, applications and grants, name an empty directory with --data.";

/**
 * Throws a Failure where the database has rows: under a new keyring all of its tokens, passwords and secrets would be
 * invalid.
 */
export async function refuseMissingKeyring({ keyring }: Bound, { data }: Settings): Promise<void> {
  if (!(await keyring.isUsed())) return;
  throw new Failure(
    `${keyringPath(data)} is missing, and the database in ${data} is in use. No token, password or secret is valid without its keyring.`,
    `Put your copy of keyring.json back (mode 0600), or set SYMBOLON_KEYRING to its content. ${beginAnew}`,
  );
}

/**
 * Notes the keyring in the database at its first use. Throws a Failure where the database belongs to another keyring.
 */
export async function bindKeyring({ keyring }: Bound, ours: KeyringData, settings: Settings): Promise<void> {
  const id = keyringId(ours);
  if ((await keyring.bind(id)) === id) return;
  const where = settings.keyring === undefined ? keyringPath(settings.data) : "SYMBOLON_KEYRING";
  throw new Failure(
    `${where} is the keyring of another database than the one for ${settings.data}. No token, password or secret of it would be valid.`,
    `Put back the keyring that this database was used with. ${beginAnew}`,
  );
}
