import type { DatabaseSync } from "node:sqlite";

/**
 * Copies the write-ahead log into the database and empties the file, so that what was deleted is gone from it (ST-08).
 * Answers false, and leaves the file, while another connection uses the log.
 */
export function logTruncation(database: DatabaseSync): () => boolean {
  const truncate = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  return () => (truncate.get() as { busy: number }).busy === 0;
}

/** How much of the write-ahead log is not copied into the database yet. Only looks. */
export function logBacklog(database: DatabaseSync): () => number {
  const look = database.prepare("PRAGMA wal_checkpoint(NOOP)");
  const size = database.prepare("PRAGMA page_size").get() as { page_size: number };
  return () => {
    const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
    return (log - checkpointed) * size.page_size;
  };
}
