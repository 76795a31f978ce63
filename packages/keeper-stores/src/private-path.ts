import type { Stats } from "node:fs";
import * as durable from "@symbolon/durable-files";
import { KeeperStoreRefused } from "./errors.ts";

/**
 * Creates the directory (0700) if it does not exist and returns its real path. Throws `KeeperStoreRefused` where other
 * users can read it or could replace it (ST-10).
 */
export const prepareDirectory = (path: string): string =>
  refusing(() => durable.preparePrivateDirectory(path, { inTemporary: false }));

/** `found` comes from `lstat`, so that a symbolic link is recognised. */
export const refuseUnsafeDirectory = (path: string, found: Stats): void =>
  refusing(() => durable.refuseUnsafeDirectory(path, found));

/** `found` comes from `lstat`, or from `fstat` of a handle that was opened with O_NOFOLLOW. */
export const refuseUnsafeFile = (path: string, found: Stats): void =>
  refusing(() => durable.refuseUnsafeFile(path, found));

/** The database with its log, index and journal. */
export const refuseUnsafeDatabase = (path: string): void => refusing(() => durable.refuseUnsafeDatabase(path));

function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof durable.UnsafePath ? new KeeperStoreRefused(`${error.message} ${error.remedy}`) : error;
  }
}
