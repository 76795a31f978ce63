import type { DatabaseSync } from "node:sqlite";

/** How much of the write-ahead log is not copied into the database yet. Only looks. */
export function logBacklog(database: DatabaseSync): () => number {
  const look = database.prepare("PRAGMA wal_checkpoint(NOOP)");
  const size = database.prepare("PRAGMA page_size").get() as { page_size: number };
  return () => {
    const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
    return (log - checkpointed) * size.page_size;
  };
}
