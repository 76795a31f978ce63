import type { DatabaseSync } from "node:sqlite";
import type { AccountId } from "@symbolon/protocol";
import { endsSessions, type Account, type AccountResource, type AccountStore } from "@symbolon/server";
import type { ChangeAccess } from "./access.ts";
import { erasing } from "./erasing.ts";
import { exact, type Packed, packUuid, unpackUuid } from "./pack.ts";
import { changeRow, rowsOfPage, type RowWrites } from "./row-store.ts";
import { deepFreeze } from "./sharing.ts";

type AccountRow = {
  id: Packed;
  email: string;
  password_hash: string;
  resources: string;
  created_at: number;
  suspended_at: number | null;
  version: number;
};

const memoryBytes = 12 * 2 ** 20;

export function accountStore(
  database: DatabaseSync,
  { read, readNow, write, memory, storeBeside }: ChangeAccess,
): AccountStore {
  const known = memory.table<AccountId, Account>(memoryBytes, weighAccount);
  const find = database.prepare("SELECT * FROM accounts WHERE id = ?");
  const findByEmail = database.prepare("SELECT * FROM accounts WHERE email = ?");
  const findHolder = database.prepare("SELECT id FROM accounts WHERE email = ?");
  const list = database.prepare(
    "SELECT * FROM accounts WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
  );
  const insert = database.prepare(`
    INSERT INTO accounts (id, email, password_hash, resources, created_at, suspended_at, version)
    VALUES (:id, :email, :password_hash, :resources, :created_at, :suspended_at, :version)
    ON CONFLICT (email) DO NOTHING`);
  const replace = database.prepare(`
    UPDATE accounts SET
      email = :email, password_hash = :password_hash, resources = :resources, suspended_at = :suspended_at,
      version = :version + 1
    WHERE id = :id AND version = :version AND created_at = :created_at`);
  const remove = database.prepare("DELETE FROM accounts WHERE id = ?");
  const deleteSessions = database.prepare("DELETE FROM sessions WHERE account = ?");
  const erasingWrite = erasing(database, write);
  const readAccount = (id: AccountId): Account | undefined => decodeAccount(find.get(packUuid(id)));
  const changesOf = (id: AccountId): RowWrites<AccountId, Account> => {
    const before = readAccount(id);
    const endSessionsAfter = (after: Account | undefined) => {
      if (before !== undefined && endsSessions(before, after)) deleteSessions.run(packUuid(id));
    };
    return {
      read: () => before,
      holderOf: (email) => {
        const row = findHolder.get(exact(email)) as Pick<AccountRow, "id"> | undefined;
        return row === undefined ? undefined : (unpackUuid(row.id) as AccountId);
      },
      uniqueText: ({ email }) => email,
      replace: (account) => {
        endSessionsAfter(account);
        return replace.run(encodeAccount(account)).changes === 1;
      },
      remove: () => {
        endSessionsAfter(undefined);
        remove.run(packUuid(id));
      },
      storeBeside,
    };
  };
  return {
    find: (id) => readNow(() => known.find(id, readAccount)),
    findByEmail: (email) => read(() => decodeAccount(findByEmail.get(exact(email)))),
    insert: (account, beside = {}) =>
      erasingWrite(() => {
        const isNew = insert.run(encodeAccount(account)).changes === 1;
        if (isNew) storeBeside(beside);
        return isNew;
      }),
    change: (id, decide) =>
      erasingWrite(() => {
        known.forget(id);
        return changeRow(id, decide, changesOf(id));
      }),
    list: (page) => read(() => rowsOfPage(list, page, packUuid).map((row) => decodeAccount(row as AccountRow)!)),
  };
}

const encodeAccount = (account: Account): AccountRow => ({
  id: packUuid(account.id),
  email: exact(account.email),
  password_hash: account.passwordHash,
  resources: JSON.stringify(account.resources),
  created_at: account.createdAt,
  suspended_at: account.suspendedAt,
  version: account.version,
});

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
    version: row.version,
  });
}

const weighAccount = ({ email, passwordHash, resources }: Account): number =>
  [email, passwordHash, ...resources.flatMap(({ name, label }) => [name, label])].reduce(
    (bytes, text) => bytes + 24 + 2 * text.length,
    200,
  );
