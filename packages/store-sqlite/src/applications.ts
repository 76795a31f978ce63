import type { DatabaseSync } from "node:sqlite";
import { formatScope, type ClientId } from "@symbolon/protocol";
import type { Application, ApplicationStore, ReplayPolicy } from "@symbolon/server";
import type { ChangeAccess } from "./access.ts";
import { exact } from "./pack.ts";
import { changeRow, lookUp, rowsOfPage, type RowWrites } from "./row-store.ts";
import { decodeScope } from "./rows.ts";
import { decodeSecrets, encodeSecrets, weighSecrets, weighText } from "./secrets.ts";
import { deepFreeze } from "./sharing.ts";

type ApplicationRow = {
  id: string;
  name: string;
  type: Application["type"];
  auth_method: Application["authMethod"];
  secrets: string;
  redirect_uris: string;
  scope: string;
  replay: string;
  access_token_lifetimes: string;
  created_at: number;
  suspended_at: number | null;
  version: number;
};

const memoryBytes = 4 * 2 ** 20;

/**
 * Applications: few rows, read at every request. Lists are stored as JSON, and rows are kept in memory. A missing
 * client is kept as `null`, so that the time of a look-up does not tell whether a client exists (OP-06).
 */
export function applicationStore(
  database: DatabaseSync,
  { read, readNow, write, memory, storeBeside }: ChangeAccess,
): ApplicationStore {
  const known = memory.table<ClientId, Application | null>(memoryBytes, weighApplication);
  const find = database.prepare("SELECT * FROM applications WHERE id = ?");
  const list = database.prepare(
    "SELECT * FROM applications WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
  );
  const insert = database.prepare(`
    INSERT INTO applications
      (id, name, type, auth_method, secrets, redirect_uris, scope, replay, access_token_lifetimes, created_at,
       suspended_at, version)
    VALUES
      (:id, :name, :type, :auth_method, :secrets, :redirect_uris, :scope, :replay, :access_token_lifetimes, :created_at,
       :suspended_at, :version)`);
  const replace = database.prepare(`
    UPDATE applications SET
      name = :name, type = :type, auth_method = :auth_method, secrets = :secrets, redirect_uris = :redirect_uris,
      scope = :scope, replay = :replay, access_token_lifetimes = :access_token_lifetimes, suspended_at = :suspended_at,
      version = :version + 1
    WHERE id = :id AND version = :version AND created_at = :created_at`);
  const remove = database.prepare("DELETE FROM applications WHERE id = ?");
  const writes: RowWrites<ClientId, Application> = {
    read: (id) => {
      const row = find.get(exact(id)) as ApplicationRow | undefined;
      return row === undefined ? undefined : decodeApplication(row);
    },
    holderOf: () => undefined,
    uniqueText: () => undefined,
    replace: (application) => replace.run(encodeApplication(application)).changes === 1,
    remove: (id) => void remove.run(exact(id)),
    storeBeside,
  };
  return {
    find: (id) => readNow(() => lookUp(known, id, writes.read)),
    insert: (application, beside = {}) =>
      write(() => {
        known.forget(application.id);
        insert.run(encodeApplication(application));
        storeBeside(beside);
      }),
    change: (id, decide) =>
      write(() => {
        known.forget(id);
        return changeRow(id, decide, writes);
      }),
    list: (page) => read(() => (rowsOfPage(list, page, exact) as ApplicationRow[]).map(decodeApplication)),
  };
}

const encodeApplication = (application: Application): ApplicationRow => ({
  id: exact(application.id),
  name: exact(application.name),
  type: application.type,
  auth_method: application.authMethod,
  secrets: encodeSecrets(application.secrets),
  redirect_uris: JSON.stringify(application.redirectUris),
  scope: formatScope(application.scope),
  replay: JSON.stringify(application.replay),
  access_token_lifetimes: JSON.stringify(application.accessTokenLifetimes),
  created_at: application.createdAt,
  suspended_at: application.suspendedAt,
  version: application.version,
});

const decodeApplication = (row: ApplicationRow): Application =>
  deepFreeze<Application>({
    id: row.id as ClientId,
    name: row.name,
    type: row.type,
    authMethod: row.auth_method,
    secrets: decodeSecrets(row.secrets),
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    scope: decodeScope(row.scope),
    replay: JSON.parse(row.replay) as ReplayPolicy,
    accessTokenLifetimes: JSON.parse(row.access_token_lifetimes) as number[],
    createdAt: row.created_at,
    suspendedAt: row.suspended_at,
    version: row.version,
  });

const weighApplication = (application: Application | null, id: ClientId): number => {
  if (application === null) return weighText(100, id);
  const { name, secrets, redirectUris, scope, accessTokenLifetimes } = application;
  return [name, ...redirectUris, ...scope].reduce(weighText, weighSecrets(secrets) + 8 * accessTokenLifetimes.length);
};
