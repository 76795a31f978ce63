import type { DatabaseSync } from "node:sqlite";
import { grantIdToBytes, type GrantId } from "@symbolon/protocol";
import type { Change, Grant, GrantFilter, GrantStore, RevocationEntry } from "@symbolon/server";
import type { Access } from "./access.ts";
import { packClientId, packUuid } from "./pack.ts";
import { decodeGrant, encodeAudiences, encodeGrant, type GrantRow, grantStates } from "./rows.ts";

type FeedRow = { position: number; at: number; until: number; kind: number; hash: Uint8Array };
const feedKinds = ["grant", "token"] as const satisfies readonly RevocationEntry["kind"][];

/** Grants, the table of singly revoked tokens, and the revocation feed: all that a decision about a grant may write. */
export function grantStore(database: DatabaseSync, { read, write }: Access): GrantStore {
  const sql = prepareStatements(database);

  const find = (id: GrantId): Grant | undefined => decoded(sql.find.get(grantIdToBytes(id)));
  const findStanding = (application: string, audiences: readonly string[]): Grant | undefined =>
    decoded(sql.findStanding.get(packClientId(application), encodeAudiences(audiences) ?? ""));
  const insert = (grant: Grant): void => void sql.insert.run(encodeGrant(grant));

  const store = <T>(id: GrantId, change: Change<T>): T => {
    if (change.write !== undefined) {
      const row = encodeGrant(change.write);
      if (change.write.id !== id || sql.replace.run(row).changes !== 1) throw new Error("the grant written is not the grant read");
    }
    if (change.revokedToken !== undefined) sql.revokeToken.run(change.revokedToken.fingerprint, change.revokedToken.until);
    if (change.feed !== undefined) {
      const { at, until, kind, hash } = change.feed;
      sql.appendFeed.run(at, until, feedKinds.indexOf(kind), hash);
    }
    return change.answer;
  };

  return {
    find: (id) => read(() => find(id)),
    insert: (grant) => write(() => insert(grant)),
    change: (id, decide) => write(() => store(id, decide(find(id)))),
    standing: async (application, audiences, make) => {
      const live = await read(() => findStanding(application, audiences));
      return live ?? write(() => findStanding(application, audiences) ?? insertStanding(make()));

      function insertStanding(made: Grant): Grant {
        insert(made);
        const stored = findStanding(application, audiences);
        if (stored?.id !== made.id) throw new Error("the grant made is not the standing grant asked for");
        return stored;
      }
    },
    isTokenRevoked: (fingerprint) => read(() => sql.isTokenRevoked.get(fingerprint) !== undefined),
    list: (filter) => read(() => list(sql, filter)),
    revocations: (after, limit) =>
      read(() => (sql.feed.all(after, limit) as FeedRow[]).map((row) => ({ ...row, kind: feedKinds[row.kind]! }))),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function list(sql: Statements, { application, owner, state, limit }: GrantFilter): Grant[] {
  const shared = { state: state === undefined ? null : grantStates.indexOf(state), limit };
  const rows =
    owner !== undefined
      ? sql.listByOwner.all({ ...shared, owner: packUuid(owner), application: application === undefined ? null : packClientId(application) })
      : application !== undefined
        ? sql.listByApplication.all({ ...shared, application: packClientId(application) })
        : sql.listAll.all(shared);
  return (rows as GrantRow[]).map(decodeGrant);
}

const decoded = (row: object | undefined): Grant | undefined => (row === undefined ? undefined : decodeGrant(row as GrantRow));

function prepareStatements(database: DatabaseSync) {
  return {
    find: database.prepare("SELECT * FROM grants WHERE id = ?"),
    findStanding: database.prepare(
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
    // Who asked and who allowed never change: they are part of the condition, and no index but the standing one is touched.
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
    feed: database.prepare("SELECT position, at, until, kind, hash FROM revocations WHERE position > ? ORDER BY position LIMIT ?"),
    listAll: database.prepare(
      "SELECT * FROM grants WHERE (:state IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit",
    ),
    listByApplication: database.prepare(
      "SELECT * FROM grants WHERE application = :application AND (:state IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit",
    ),
    listByOwner: database.prepare(`
      SELECT * FROM grants
      WHERE owner = :owner AND (:application IS NULL OR application = :application) AND (:state IS NULL OR state = :state)
      ORDER BY id DESC LIMIT :limit`),
  };
}
