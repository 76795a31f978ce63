import type { DatabaseSync } from "node:sqlite";
import type { AccountId } from "@symbolon/protocol";
import type { Account, AccountResource, AccountStore } from "@symbolon/server";
import type { Access } from "./access.ts";
import { erasing } from "./erasing.ts";
import { exact, type Packed, packUuid, unpackUuid } from "./pack.ts";
import { deepFreeze } from "./sharing.ts";

type AccountRow = {
  id: Packed;
  email: string;
  password_hash: string;
  resources: string;
  created_at: number;
  suspended_at: number | null;
};

const memoryBytes = 12 * 2 ** 20;

export function accountStore(database: DatabaseSync, { read, readNow, write, memory }: Access): AccountStore {
  const known = memory.table<AccountId, Account>(memoryBytes, weighAccount);
  const find = database.prepare("SELECT * FROM accounts WHERE id = ?");
  const findByEmail = database.prepare("SELECT * FROM accounts WHERE email = ?");
  const insert = database.prepare(`
    INSERT INTO accounts (id, email, password_hash, resources, created_at, suspended_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (email) DO NOTHING`);
  const setPasswordHash = database.prepare("UPDATE accounts SET password_hash = ? WHERE id = ?");
  const list = database.prepare("SELECT * FROM accounts ORDER BY created_at, id");
  const setSuspended = database.prepare("UPDATE accounts SET suspended_at = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM accounts WHERE id = ?");
  const endSessions = database.prepare("DELETE FROM sessions WHERE account = ?");
  const erasingWrite = erasing(database, write);
  const readAccount = (id: AccountId): Account | undefined => decodeAccount(find.get(packUuid(id)));
  return {
    find: (id) => readNow(() => known.find(id, readAccount)),
    findByEmail: (email) => read(() => decodeAccount(findByEmail.get(exact(email)))),
    insert: ({ id, email, passwordHash, resources, createdAt, suspendedAt }) =>
      erasingWrite(() => {
        const values = [packUuid(id), exact(email), passwordHash, JSON.stringify(resources), createdAt, suspendedAt];
        return insert.run(...values).changes === 1;
      }),
    list: () => read(() => list.all().map((row) => decodeAccount(row)!)),
    setPasswordHash: (id, passwordHash) =>
      erasingWrite(() => {
        known.forget(id);
        setPasswordHash.run(passwordHash, packUuid(id));
        endSessions.run(packUuid(id));
      }),
    setSuspended: (id, at) =>
      erasingWrite(() => {
        known.forget(id);
        if (at !== null) endSessions.run(packUuid(id));
        return setSuspended.run(at, packUuid(id)).changes === 1;
      }),
    delete: (id) =>
      erasingWrite(() => {
        known.forget(id);
        endSessions.run(packUuid(id));
        return remove.run(packUuid(id)).changes === 1;
      }),
  };
}

function decodeAccount(found: object | undefined): Account | undefined {
  if (found === undefined) return undefined;
  const row = found as AccountRow;
  return deepFreeze<Account>({
    id: unpackUuid(row.id) as AccountId,
    email: row.email,
    passwordHash: row.password_hash,
    resources: JSON.parse(row.resources) as AccountResource[],
    createdAt: row.created_at,
    suspendedAt: row.suspended_at,
  });
}

const weighAccount = ({ email, passwordHash, resources }: Account): number =>
  [email, passwordHash, ...resources.flatMap(({ name, label }) => [name, label])].reduce(
    (bytes, text) => bytes + 24 + 2 * text.length,
    200,
  );
