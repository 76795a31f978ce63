import type { DatabaseSync } from "node:sqlite";
import { decodeBase64Url, encodeBase64Url, formatScope, type ClientId } from "@symbolon/protocol";
import {
  copyString,
  type Application,
  type ApplicationStore,
  type ReplayPolicy,
  type ResourceServer,
  type ResourceServerStore,
  type SecretSlot,
} from "@symbolon/server";
import type { Access } from "./access.ts";
import type { KnownRows } from "./memory.ts";
import { exact } from "./pack.ts";
import { decodeScope } from "./rows.ts";
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
};

type ResourceServerRow = { id: string; name: string; secrets: string; resource: string | null; created_at: number };

const memoryBytes = 4 * 2 ** 20;

/**
 * Applications: few rows, read at every request. Lists are stored as JSON, and rows are kept in memory. A missing
 * client is kept as `null`, so that the time of a look-up does not tell whether a client exists (OP-06).
 */
export function applicationStore(database: DatabaseSync, { read, readNow, write, memory }: Access): ApplicationStore {
  const known = memory.table<ClientId, Application | null>(memoryBytes, weighApplication);
  const find = database.prepare("SELECT * FROM applications WHERE id = ?");
  const all = database.prepare("SELECT * FROM applications ORDER BY created_at, id");
  const insert = database.prepare(`
    INSERT INTO applications
      (id, name, type, auth_method, secrets, redirect_uris, scope, replay, access_token_lifetimes, created_at, suspended_at)
    VALUES
      (:id, :name, :type, :auth_method, :secrets, :redirect_uris, :scope, :replay, :access_token_lifetimes, :created_at, :suspended_at)`);
  const setSecrets = database.prepare("UPDATE applications SET secrets = ?, auth_method = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM applications WHERE id = ?");

  const readApplication = (id: ClientId): Application | null => {
    const row = find.get(exact(id)) as ApplicationRow | undefined;
    return row === undefined ? null : decodeApplication(row);
  };
  return {
    find: (id) => readNow(() => lookUp(known, id, readApplication)),
    insert: (application) =>
      write(() => {
        known.forget(application.id);
        insert.run(encodeApplication(application));
      }),
    list: () => read(() => (all.all() as ApplicationRow[]).map(decodeApplication)),
    setSecrets: (id, secrets, authMethod) =>
      write(() => {
        known.forget(id);
        setSecrets.run(encodeSecrets(secrets), authMethod, exact(id));
      }),
    delete: (id) =>
      write(() => {
        known.forget(id);
        return remove.run(exact(id)).changes === 1;
      }),
  };
}

export function resourceServerStore(
  database: DatabaseSync,
  { read, readNow, write, memory }: Access,
): ResourceServerStore {
  const known = memory.table<ClientId, ResourceServer | null>(memoryBytes, weighResourceServer);
  const find = database.prepare("SELECT * FROM resource_servers WHERE id = ?");
  const all = database.prepare("SELECT * FROM resource_servers ORDER BY created_at, id");
  const insert = database.prepare(
    "INSERT INTO resource_servers (id, name, secrets, resource, created_at) VALUES (?, ?, ?, ?, ?)",
  );
  const setSecrets = database.prepare("UPDATE resource_servers SET secrets = ? WHERE id = ?");
  const remove = database.prepare("DELETE FROM resource_servers WHERE id = ?");
  const readResourceServer = (id: ClientId): ResourceServer | null => {
    const row = find.get(exact(id)) as ResourceServerRow | undefined;
    return row === undefined ? null : decodeResourceServer(row);
  };
  return {
    find: (id) => readNow(() => lookUp(known, id, readResourceServer)),
    insert: ({ id, name, secrets, resource, createdAt }) =>
      write(() => {
        known.forget(id);
        insert.run(exact(id), exact(name), encodeSecrets(secrets), resource, createdAt);
      }),
    setSecrets: (id, secrets) =>
      write(() => {
        known.forget(id);
        setSecrets.run(encodeSecrets(secrets), exact(id));
      }),
    delete: (id) =>
      write(() => {
        known.forget(id);
        return remove.run(exact(id)).changes === 1;
      }),
    list: () => read(() => (all.all() as ResourceServerRow[]).map(decodeResourceServer)),
  };
}

function lookUp<Row>(
  known: KnownRows<ClientId, Row | null>,
  id: ClientId,
  readRow: (id: ClientId) => Row | null,
): Row | undefined {
  const row = known.get(id);
  return (row === undefined ? known.remember(copyString(id) as ClientId, readRow(id)) : row) ?? undefined;
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
  });

const decodeResourceServer = (row: ResourceServerRow): ResourceServer =>
  deepFreeze<ResourceServer>({
    id: row.id as ClientId,
    name: row.name,
    secrets: decodeSecrets(row.secrets),
    resource: row.resource,
    createdAt: row.created_at,
  });

const weighText = (bytes: number, text: string): number => bytes + 24 + 2 * text.length;
const weighSecrets = (secrets: readonly SecretSlot[]): number => 400 + 200 * secrets.length;
const weighApplication = (application: Application | null, id: ClientId): number => {
  if (application === null) return weighText(100, id);
  const { name, secrets, redirectUris, scope, accessTokenLifetimes } = application;
  return [name, ...redirectUris, ...scope].reduce(weighText, weighSecrets(secrets) + 8 * accessTokenLifetimes.length);
};
const weighResourceServer = (resourceServer: ResourceServer | null, id: ClientId): number => {
  if (resourceServer === null) return weighText(100, id);
  const { name, secrets, resource } = resourceServer;
  return [name, resource ?? ""].reduce(weighText, weighSecrets(secrets));
};

/** `[[digest, created at], …]`. */
const encodeSecrets = (secrets: readonly SecretSlot[]): string =>
  JSON.stringify(secrets.map(({ digest, createdAt }) => [encodeBase64Url(digest), createdAt]));

const decodeSecrets = (text: string): SecretSlot[] =>
  (JSON.parse(text) as [string, number][]).map(([digest, createdAt]) => {
    const bytes = decodeBase64Url(digest);
    if (bytes === undefined) throw new Error("a client secret's digest does not decode");
    return { digest: bytes, createdAt };
  });
