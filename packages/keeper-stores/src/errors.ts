/** The place is not one that a grant may be kept in. Says what is wrong with it and what to do; nothing was changed. */
export class KeeperStoreRefused extends Error {
  override readonly name = "KeeperStoreRefused";
}

/** The store did not answer, or not in time. A write that ends like this may or may not have happened. */
export class KeeperStoreUnavailable extends Error {
  override readonly name = "KeeperStoreUnavailable";
}

/** Whatever the disk, the database or the network threw, in the words of this package. */
export function toStoreError(error: unknown): Error {
  if (error instanceof KeeperStoreRefused || error instanceof KeeperStoreUnavailable) return error;
  const says = error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
  return new KeeperStoreUnavailable(says, { cause: error });
}

/** Runs one operation of a store, with every failure in the words of this package. */
export async function withStoreErrors<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof TypeError ? error : toStoreError(error);
  }
}

/** The code that Node, SQLite or PostgreSQL gave an error, if any. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
