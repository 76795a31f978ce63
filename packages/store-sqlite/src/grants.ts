import type { DatabaseSync } from "node:sqlite";
import { grantIdToBytes, type ClientId, type GrantId } from "@symbolon/protocol";
import type { Change, Grant, GrantFilter, GrantStore, RevocationEntry } from "@symbolon/server";
import type { ChangeAccess } from "./access.ts";
import { packClientId, packUuid } from "./pack.ts";
import {
  decodeGrant,
  encodeAudiences,
  encodeGrant,
  encodeFamilyColumns,
  type GrantColumns,
  grantStates,
  handedOut,
  differsOnlyInFamilyColumns,
  storedGrant,
  weighGrant,
} from "./rows.ts";
import { deepFreeze } from "./sharing.ts";

type FeedRow = { position: number; at: number; until: number; kind: number; hash: Uint8Array };
const feedKinds = ["grant", "token"] as const satisfies readonly RevocationEntry["kind"][];

const memoryBytes = 24 * 2 ** 20;
const clientCredentialsMemoryBytes = 2 ** 20;

/** Grants, the table of revoked access tokens, and the revocation feed: all that a decision about a grant may write. */
export function grantStore(
  database: DatabaseSync,
  { read, readNow, write, memory, storeBeside }: ChangeAccess,
): GrantStore & { forget: (id: GrantId) => void } {
  const sql = prepareStatements(database);
  const known = memory.table<GrantId, Grant>(memoryBytes, weighGrant);
  /** The id of the client-credentials grant that was found last. Whether it is still active is read from its row. */
  const knownClientCredentialsGrants = memory.table<string, GrantId>(
    clientCredentialsMemoryBytes,
    (_, place) => 200 + 2 * place.length,
  );

  const readGrant = (id: GrantId): Grant | undefined => decoded(sql.find.get(grantIdToBytes(id)));
  const find = (id: GrantId): Grant | undefined => {
    const grant = known.find(id, readGrant);
    return grant === undefined ? undefined : handedOut(grant);
  };
  const insert = (grant: Grant): void => void sql.insert.run(encodeGrant(grant));

  const findClientCredentialsGrant = (application: ClientId, audiences: readonly string[]): Grant | undefined => {
    const list = encodeAudiences(audiences) ?? "";
    const place = `${application} ${list}`;
    const id = knownClientCredentialsGrants.get(place);
    const last = id === undefined ? undefined : known.get(id);
    if (last?.state === "active") return last;
    const found = decoded(sql.findClientCredentialsGrant.get(packClientId(application), list));
    if (found === undefined) return undefined;
    knownClientCredentialsGrants.remember(place, found.id);
    return known.remember(found.id, found);
  };

  const update = (before: Grant | undefined, write: Grant): void => {
    const isSameRow =
      write.id === before?.id && write.application === before.application && write.owner === before.owner;
    if (!isSameRow || write.version !== before.version) throw new Error("the grant written is not the grant read");
    known.forget(write.id);
    const { changes } = differsOnlyInFamilyColumns(before, write)
      ? sql.move.run(...encodeFamilyColumns(write))
      : sql.replace.run(encodeGrant(deepFreeze(write)));
    if (changes !== 1) throw new Error("the grant written is not the grant read");
    known.remember(write.id, storedGrant(write));
  };

  const store = <T>(before: Grant | undefined, change: Change<T>): T => {
    if (change.write !== undefined) update(before, change.write);
    if (change.revokedToken !== undefined)
      sql.revokeToken.run(change.revokedToken.fingerprint, change.revokedToken.until);
    if (change.feed !== undefined) {
      const { at, until, kind, hash } = change.feed;
      sql.appendFeed.run(at, until, feedKinds.indexOf(kind), hash);
    }
    storeBeside(change);
    return change.answer;
  };

  return {
    find: (id) => readNow(() => find(id)),
    insert: (grant) => write(() => insert(grant)),
    offer: (grant, decide) =>
      write(() => {
        const offers = (sql.offersOfOwner.all(packUuid(grant.owner!)) as unknown as GrantColumns[]).map(decodeGrant);
        const decision = decide(offers);
        if ("use" in decision) return decision.use;
        insert(grant);
        for (const id of decision.remove) {
          sql.remove.run(grantIdToBytes(id));
          known.forget(id);
        }
        return grant;
      }),
    change: (id, decide) =>
      write(() => {
        const before = find(id);
        return store(before, decide(before === undefined ? undefined : { ...before }));
      }),
    findOrCreateClientCredentials: async (application, audiences, make) => {
      const live = await read(() => findClientCredentialsGrant(application, audiences));
      return (
        live ?? write(() => findClientCredentialsGrant(application, audiences) ?? insertClientCredentialsGrant(make()))
      );

      function insertClientCredentialsGrant(made: Grant): Grant {
        insert(made);
        const stored = findClientCredentialsGrant(application, audiences);
        if (stored?.id !== made.id) throw new Error("the grant made is not the client-credentials grant asked for");
        return stored;
      }
    },
    /** Called when a row is deleted. */
    forget: (id) => known.forget(id),
    isTokenRevoked: (fingerprint) => read(() => sql.isTokenRevoked.get(fingerprint) !== undefined),
    list: (filter) => read(() => list(sql, filter)),
    revocations: (after, limit) =>
      read(() => (sql.feed.all(after, limit) as FeedRow[]).map((row) => ({ ...row, kind: feedKinds[row.kind]! }))),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

/** Longer than an id, of the highest bytes, so that it sorts after every id. */
const afterEveryId = new Uint8Array(17).fill(0xff);

function list(sql: Statements, { application, owner, state, before, limit }: GrantFilter): Grant[] {
  const shared = {
    state: state === undefined ? null : grantStates.indexOf(state),
    before: before === undefined ? afterEveryId : grantIdToBytes(before),
    limit,
  };
  const rows =
    owner !== undefined
      ? sql.listByOwner.all({
          ...shared,
          owner: packUuid(owner),
          application: application === undefined ? null : packClientId(application),
        })
      : application !== undefined
        ? sql.listByApplication.all({ ...shared, application: packClientId(application) })
        : sql.listAll.all(shared);
  return (rows as unknown as GrantColumns[]).map(decodeGrant);
}

const decoded = (row: unknown): Grant | undefined => (row === undefined ? undefined : decodeGrant(row as GrantColumns));

function prepareStatements(database: DatabaseSync) {
  const prepareRows = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    find: prepareRows("SELECT * FROM grants WHERE id = ?"),
    findClientCredentialsGrant: prepareRows(
      "SELECT * FROM grants WHERE application = ? AND ifnull(audiences, '') = ? AND owner IS NULL AND state = 1",
    ),
    insert: database.prepare(`
      INSERT INTO grants
        (id, application, owner, resource, scope, audiences, variants, state, generation, generation_issued_at, confirmed_at,
         replays, intent, challenge, offer_redirect_uri, offer_expires_at, offer_failures, expires_at, idle_expires_at,
         revoked_at, revoked_because, has_revoked_tokens, version)
      VALUES
        (:id, :application, :owner, :resource, :scope, :audiences, :variants, :state, :generation, :generation_issued_at, :confirmed_at,
         :replays, :intent, :challenge, :offer_redirect_uri, :offer_expires_at, :offer_failures, :expires_at, :idle_expires_at,
         :revoked_at, :revoked_because, :has_revoked_tokens, :version)`),
    // The columns that a rotation, a replay or a first use changes: one page of one tree.
    move: database.prepare(`
      UPDATE grants SET
        generation = ?, generation_issued_at = ?, confirmed_at = ?, replays = ?, intent = ?, idle_expires_at = ?, version = version + 1
      WHERE id = ? AND version = ?`),
    // Application and owner never change, so they are part of the condition. Of the indexes only that of
    // client-credentials grants is updated.
    replace: database.prepare(`
      UPDATE grants SET
        resource = :resource, scope = :scope, audiences = :audiences, variants = :variants, state = :state,
        generation = :generation, generation_issued_at = :generation_issued_at, confirmed_at = :confirmed_at,
        replays = :replays, intent = :intent, challenge = :challenge, offer_redirect_uri = :offer_redirect_uri,
        offer_expires_at = :offer_expires_at, offer_failures = :offer_failures, expires_at = :expires_at,
        idle_expires_at = :idle_expires_at, revoked_at = :revoked_at, revoked_because = :revoked_because,
        has_revoked_tokens = :has_revoked_tokens, version = :version + 1
      WHERE id = :id AND version = :version AND application = :application AND owner IS :owner`),
    revokeToken: database.prepare(
      "INSERT INTO revoked_tokens (fingerprint, until) VALUES (?, ?) ON CONFLICT DO UPDATE SET until = max(until, excluded.until)",
    ),
    isTokenRevoked: database.prepare("SELECT 1 FROM revoked_tokens WHERE fingerprint = ?"),
    appendFeed: database.prepare("INSERT INTO revocations (at, until, kind, hash) VALUES (?, ?, ?, ?)"),
    feed: database.prepare(
      "SELECT position, at, until, kind, hash FROM revocations WHERE position > ? ORDER BY position LIMIT ?",
    ),
    // The limit is on the rows that are read, so that the lock is held shortly however many grants an owner has.
    offersOfOwner: prepareRows(`
      SELECT * FROM (SELECT * FROM grants WHERE owner = ? ORDER BY id DESC LIMIT 100) WHERE state = 0`),
    remove: database.prepare("DELETE FROM grants WHERE id = ?"),
    listAll: prepareRows(
      "SELECT * FROM grants WHERE id < :before AND (:state IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit",
    ),
    listByApplication: prepareRows(
      "SELECT * FROM grants WHERE application = :application AND id < :before AND (:state IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit",
    ),
    listByOwner: prepareRows(`
      SELECT * FROM grants
      WHERE owner = :owner AND id < :before AND (:application IS NULL OR application = :application) AND (:state IS NULL OR state = :state)
      ORDER BY id DESC LIMIT :limit`),
  };
}
