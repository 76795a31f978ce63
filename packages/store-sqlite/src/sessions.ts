import type { DatabaseSync } from "node:sqlite";
import type { Owner } from "@symbolon/protocol";
import type { ExternalPerson, Session, SessionStore } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";
import { type Packed, packUuid, unpackUuid } from "./pack.ts";

type SessionRow = {
  digest: Uint8Array;
  /** A built-in account as its 16 bytes, another owner as text. */
  account: Packed;
  authenticated_at: number;
  idle_expires_at: number;
  expires_at: number;
  /** JSON; null for a built-in account. */
  person: string | null;
};

export function sessionStore(database: DatabaseSync, { read, write }: Access): SessionStore {
  const find = database.prepare("SELECT * FROM sessions WHERE digest = ?");
  const insert = database.prepare(`
    INSERT INTO sessions (digest, account, authenticated_at, idle_expires_at, expires_at, person)
    VALUES (:digest, :account, :authenticated_at, :idle_expires_at, :expires_at, :person)`);
  const touch = database.prepare("UPDATE sessions SET idle_expires_at = ? WHERE digest = ?");
  const remove = database.prepare("DELETE FROM sessions WHERE digest = ?");
  const removeOf = database.prepare("DELETE FROM sessions WHERE account = ?");
  const erasingWrite = erasing(database, write);
  return {
    find: (digest) => read(() => decodeSession(find.get(digest))),
    insert: (session) => write(() => void insert.run(encodeSession(session))),
    touch: (digest, idleExpiresAt) => write(() => void touch.run(idleExpiresAt, digest)),
    delete: (digest) => erasingWrite(() => void remove.run(digest)),
    deleteOf: (owner) => erasingWrite(() => Number(removeOf.run(packUuid(owner)).changes)),
  };
}

const encodeSession = (session: Session): SessionRow => ({
  digest: session.digest,
  account: packUuid(session.owner),
  authenticated_at: session.authenticatedAt,
  idle_expires_at: session.idleExpiresAt,
  expires_at: session.expiresAt,
  person: session.person === null ? null : JSON.stringify(session.person),
});

function decodeSession(found: object | undefined): Session | undefined {
  if (found === undefined) return undefined;
  const row = found as SessionRow;
  return {
    digest: row.digest,
    owner: unpackUuid(row.account) as Owner,
    authenticatedAt: row.authenticated_at,
    idleExpiresAt: row.idle_expires_at,
    expiresAt: row.expires_at,
    person: row.person === null ? null : (JSON.parse(row.person) as ExternalPerson),
  };
}
