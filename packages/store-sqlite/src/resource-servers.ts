import type { DatabaseSync } from "node:sqlite";
import type { ClientId } from "@symbolon/protocol";
import type { ResourceServer, ResourceServerStore } from "@symbolon/server";
import type { ChangeAccess } from "./access.ts";
import { exact } from "./pack.ts";
import { changeRow, lookUp, rowsOfPage, type RowWrites } from "./row-store.ts";
import { decodeSecrets, encodeSecrets, weighSecrets, weighText } from "./secrets.ts";
import { deepFreeze } from "./sharing.ts";

type ResourceServerRow = {
  id: string;
  name: string;
  secrets: string;
  resource: string | null;
  created_at: number;
  version: number;
};

const memoryBytes = 4 * 2 ** 20;

/** Resource servers: few rows, read at every introspection and kept in memory as applications are. */
export function resourceServerStore(
  database: DatabaseSync,
  { read, readNow, write, memory, storeBeside }: ChangeAccess,
): ResourceServerStore {
  const known = memory.table<ClientId, ResourceServer | null>(memoryBytes, weighResourceServer);
  const find = database.prepare("SELECT * FROM resource_servers WHERE id = ?");
  const findHolder = database.prepare("SELECT id FROM resource_servers WHERE resource = ?");
  const list = database.prepare(
    "SELECT * FROM resource_servers WHERE (created_at, id) > (?, ?) ORDER BY created_at, id LIMIT ?",
  );
  const insert = database.prepare(`
    INSERT INTO resource_servers (id, name, secrets, resource, created_at, version)
    VALUES (:id, :name, :secrets, :resource, :created_at, :version)`);
  const replace = database.prepare(`
    UPDATE resource_servers SET name = :name, secrets = :secrets, resource = :resource, version = :version + 1
    WHERE id = :id AND version = :version AND created_at = :created_at`);
  const remove = database.prepare("DELETE FROM resource_servers WHERE id = ?");
  const writes: RowWrites<ClientId, ResourceServer> = {
    read: (id) => {
      const row = find.get(exact(id)) as ResourceServerRow | undefined;
      return row === undefined ? undefined : decodeResourceServer(row);
    },
    holderOf: (resource) => findHolder.get(exact(resource))?.["id"] as ClientId | undefined,
    uniqueText: ({ resource }) => resource ?? undefined,
    replace: (resourceServer) => replace.run(encodeResourceServer(resourceServer)).changes === 1,
    remove: (id) => void remove.run(exact(id)),
    storeBeside,
  };
  return {
    find: (id) => readNow(() => lookUp(known, id, writes.read)),
    insert: (resourceServer, beside = {}) =>
      write(() => {
        const { id, resource } = resourceServer;
        if (resource !== null && writes.holderOf(resource) !== undefined) return false;
        known.forget(id);
        insert.run(encodeResourceServer(resourceServer));
        storeBeside(beside);
        return true;
      }),
    change: (id, decide) =>
      write(() => {
        known.forget(id);
        return changeRow(id, decide, writes);
      }),
    list: (page) => read(() => (rowsOfPage(list, page, exact) as ResourceServerRow[]).map(decodeResourceServer)),
  };
}

const encodeResourceServer = (resourceServer: ResourceServer): ResourceServerRow => ({
  id: exact(resourceServer.id),
  name: exact(resourceServer.name),
  secrets: encodeSecrets(resourceServer.secrets),
  resource: resourceServer.resource === null ? null : exact(resourceServer.resource),
  created_at: resourceServer.createdAt,
  version: resourceServer.version,
});

const decodeResourceServer = (row: ResourceServerRow): ResourceServer =>
  deepFreeze<ResourceServer>({
    id: row.id as ClientId,
    name: row.name,
    secrets: decodeSecrets(row.secrets),
    resource: row.resource,
    createdAt: row.created_at,
    version: row.version,
  });

const weighResourceServer = (resourceServer: ResourceServer | null, id: ClientId): number => {
  if (resourceServer === null) return weighText(100, id);
  const { name, secrets, resource } = resourceServer;
  return [name, resource ?? ""].reduce(weighText, weighSecrets(secrets));
};
