/** The directory, file or database is not safe for grants. The message says why and what to do. Nothing was changed. */
export class KeeperStoreRefused extends Error {
  override readonly name = "KeeperStoreRefused";
}

/** The store did not respond in time, or reported an error. A write that fails like this may have been applied. */
export class KeeperStoreUnavailable extends Error {
  override readonly name = "KeeperStoreUnavailable";
}

/** Wraps what the disk, the database or the network threw; the errors of this package are returned unchanged. */
export function toStoreError(error: unknown): Error {
  if (error instanceof KeeperStoreRefused || error instanceof KeeperStoreUnavailable) return error;
  const message = error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
  return new KeeperStoreUnavailable(message, { cause: error });
}

/** Runs one operation of a store. Rejects with errors of this package, or with `TypeError` for a wrong argument. */
export async function withStoreErrors<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof TypeError ? error : toStoreError(error);
  }
}

/** The `code` that Node, SQLite or PostgreSQL put on the error, if any. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
