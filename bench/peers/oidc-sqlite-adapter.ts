import type { DatabaseSync } from "node:sqlite";
import type { Adapter, Payload } from "oidc-provider";

type Row = { payload: string; consumed: number | null };

/**
 * An adapter of oidc-provider on SQLite: one table, prepared statements. Each call is a commit, because the interface
 * has no transactions.
 */
export function sqliteAdapter(database: DatabaseSync): (model: string) => Adapter {
  database.exec(`
    CREATE TABLE IF NOT EXISTS payloads (
      model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, consumed INTEGER, expires_at INTEGER,
      PRIMARY KEY (model, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS payloads_by_grant ON payloads (grant_id) WHERE grant_id IS NOT NULL;
  `);
  const upsert = database.prepare(`
    INSERT INTO payloads (model, id, payload, grant_id, expires_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, expires_at = excluded.expires_at`);
  const find = database.prepare("SELECT payload, consumed FROM payloads WHERE model = ? AND id = ?");
  const consume = database.prepare("UPDATE payloads SET consumed = ? WHERE model = ? AND id = ?");
  const destroy = database.prepare("DELETE FROM payloads WHERE model = ? AND id = ?");
  const revoke = database.prepare("DELETE FROM payloads WHERE grant_id = ?");
  const now = () => Math.floor(Date.now() / 1000);

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      upsert.run(model, id, JSON.stringify(payload), payload.grantId ?? null, now() + expiresIn);
    },
    async find(id) {
      const row = find.get(model, id) as Row | undefined;
      if (row === undefined) return undefined;
      const payload = JSON.parse(row.payload) as Payload;
      return row.consumed === null ? payload : { ...payload, consumed: row.consumed };
    },
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    async consume(id) {
      consume.run(now(), model, id);
    },
    async destroy(id) {
      destroy.run(model, id);
    },
    async revokeByGrantId(grantId) {
      revoke.run(grantId);
    },
  });
}
