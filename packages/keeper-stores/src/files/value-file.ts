import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { codeOf, KeeperStoreRefused } from "../errors.ts";
import { refuseUnsafeFile } from "../private-path.ts";

/**
 * A value file has one header line (format, version, digest), then the value. The digest covers key, revision and
 * value, so a file that is incomplete or was copied from another entry is recognised. It detects accidents, not
 * attacks: the keeper seals its values against those.
 */
const format = "symbolon-keeper-entry";

const digestOf = (key: string, revision: number, value: string): string =>
  createHash("sha256").update(`${key}\n${revision}\n${value}`).digest("hex");

/** Writes a new file (0600) and syncs it to disk. Deletes it where that fails. */
export async function writeValueFile(path: string, key: string, revision: number, value: string): Promise<void> {
  const file = await open(
    path,
    constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0),
    0o600,
  );
  try {
    await file.writeFile(`${format} 1 ${digestOf(key, revision, value)}\n${value}`);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(path).catch(() => {});
    throw error;
  }
}

/** The value in a file, or why there is none. */
export type ValueRead = { status: "intact"; value: string } | { status: "absent" } | { status: "damaged" };

/** Throws `KeeperStoreRefused` for a link, a file that other users can read, and a newer format. */
export async function readValueFile(path: string, key: string, revision: number): Promise<ValueRead> {
  const text = await readOwnFile(path);
  if (text === undefined) return { status: "absent" };
  const end = text.indexOf("\n");
  const [name, version = "", digest] = text.slice(0, Math.max(end, 0)).split(" ");
  if (name === format && /^\d+$/.test(version) && Number(version) > 1)
    throw new KeeperStoreRefused(
      `${path} was written by a newer version (format ${version}; this version reads 1). Use the newer version again.`,
    );
  const value = text.slice(end + 1);
  const isIntact = name === format && version === "1" && digest === digestOf(key, revision, value);
  return isIntact ? { status: "intact", value } : { status: "damaged" };
}

async function readOwnFile(path: string): Promise<string | undefined> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) === "ELOOP")
      throw new KeeperStoreRefused(`${path} is a symbolic link. Put a regular file there.`);
    throw error;
  }
  try {
    refuseUnsafeFile(path, await file.stat());
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
