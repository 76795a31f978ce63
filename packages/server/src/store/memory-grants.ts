import type { ClientId, GrantId } from "@symbolon/protocol";
import type { Grant } from "../grants/grant.ts";
import type { Change, GrantStore } from "./contract.ts";
import { appendAudit } from "./memory-audit.ts";
import { copyOf, insertNew, keyOf, type Rows, sameList } from "./memory-rows.ts";

/**
 * Every operation runs in one turn of JavaScript, hence is atomic: the checks come first, then all the writes of a
 * decision.
 */
export function grantStore(rows: Rows): GrantStore {
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(rows.grants.get(id));
    },
    insert: async (grant) => {
      rows.assertOpen();
      insertGrant(rows, grant);
    },
    offer: async (grant, decide) => {
      rows.assertOpen();
      const decision = decide(structuredClone(offersOf(rows, grant.owner)));
      if ("use" in decision) return decision.use;
      insertGrant(rows, grant);
      decision.remove.forEach((id) => rows.grants.delete(id));
      return structuredClone(grant);
    },
    change: async (id, decide) => {
      rows.assertOpen();
      const change = decide(copyOf(rows.grants.get(id)));
      apply(rows, id, change);
      return change.answer;
    },
    findOrCreateClientCredentials: async (application, audiences, make) => {
      rows.assertOpen();
      const live = liveClientCredentialsGrant(rows, application, audiences);
      if (live !== undefined) return structuredClone(live);
      const made = structuredClone(make());
      if (
        made.application !== application ||
        !isLiveClientCredentialsGrant(made) ||
        !sameList(made.audiences, audiences)
      ) {
        throw new Error("the grant made is not the client-credentials grant asked for");
      }
      insertGrant(rows, made);
      return made;
    },
    isTokenRevoked: async (fingerprint) => {
      rows.assertOpen();
      return rows.revokedTokens.has(keyOf(fingerprint));
    },
    list: async ({ application, owner, state, before, limit }) => {
      rows.assertOpen();
      const fits = (grant: Grant) =>
        (application === undefined || grant.application === application) &&
        (owner === undefined || grant.owner === owner) &&
        (state === undefined || grant.state === state) &&
        (before === undefined || grant.id < before);
      return structuredClone([...rows.grants.values()].filter(fits).sort(newestFirst).slice(0, limit));
    },
    revocations: async (after, limit) => {
      rows.assertOpen();
      return structuredClone(rows.feed.filter((entry) => entry.position > after).slice(0, limit));
    },
  };
}

function apply<T>(rows: Rows, id: GrantId, { write, revokedToken, feed, audit }: Change<T>): void {
  if (write !== undefined) {
    const before = rows.grants.get(id);
    const sameRow = write.id === id && write.application === before?.application && write.owner === before.owner;
    if (!sameRow || write.version !== before.version) throw new Error("the grant written is not the grant read");
    refuseSecondClientCredentialsGrant(rows, write);
    rows.grants.set(id, { ...structuredClone(write), version: write.version + 1 });
  }
  if (revokedToken !== undefined) {
    const key = keyOf(revokedToken.fingerprint);
    rows.revokedTokens.set(key, Math.max(revokedToken.until, rows.revokedTokens.get(key) ?? 0));
  }
  if (feed !== undefined) rows.feed.push({ ...structuredClone(feed), position: ++rows.feedPosition });
  if (audit !== undefined) appendAudit(rows, audit);
}

const offersOf = (rows: Rows, owner: Grant["owner"]): Grant[] =>
  [...rows.grants.values()].filter((grant) => grant.owner === owner && grant.state === "offered").sort(newestFirst);

const newestFirst = (one: Grant, other: Grant): number => (one.id < other.id ? 1 : -1);

function insertGrant(rows: Rows, grant: Grant): void {
  refuseSecondClientCredentialsGrant(rows, grant);
  insertNew(rows.grants, grant.id, grant);
}

function refuseSecondClientCredentialsGrant(rows: Rows, grant: Grant): void {
  const live = isLiveClientCredentialsGrant(grant)
    ? liveClientCredentialsGrant(rows, grant.application, grant.audiences)
    : undefined;
  if (live !== undefined && live.id !== grant.id)
    throw new Error("the application has a live client-credentials grant for these audiences");
}

const isLiveClientCredentialsGrant = (grant: Grant): boolean => grant.owner === null && grant.state === "active";

const liveClientCredentialsGrant = (
  rows: Rows,
  application: ClientId,
  audiences: readonly string[],
): Grant | undefined =>
  [...rows.grants.values()].find(
    (grant) =>
      grant.application === application && isLiveClientCredentialsGrant(grant) && sameList(grant.audiences, audiences),
  );
