import type { AccountId, ClientId, EpochSeconds, GrantId } from "@symbolon/protocol";
import type { Account, Session } from "../accounts/account.ts";
import type { Application, ResourceServer } from "../applications/application.ts";
import type { Grant } from "../grants/grant.ts";
import { isSweepable } from "../grants/sweep.ts";
import { type Change, type RevocationEntry, type Store, StoreUnavailable } from "./contract.ts";

/**
 * The contract in its plainest form, in memory: the model that the real stores are compared with, and the store of
 * simulations. JavaScript runs one step at a time, so every step here is atomic by itself. Nothing outlives the process.
 */
export function memoryStore(): Store {
  const rows = emptyRows();
  return {
    grants: grantStore(rows),
    applications: applicationStore(rows),
    resourceServers: resourceServerStore(rows),
    accounts: accountStore(rows),
    sessions: sessionStore(rows),
    ready: async () => rows.assertOpen(),
    sweep: async (now, limit) => sweep(rows, now, limit),
    close: async () => rows.close(),
  };
}

type Rows = ReturnType<typeof emptyRows>;

function emptyRows() {
  let isOpen = true;
  return {
    grants: new Map<GrantId, Grant>(),
    revokedTokens: new Map<string, EpochSeconds>(),
    feed: [] as (RevocationEntry & { position: number })[],
    feedPosition: 0,
    applications: new Map<ClientId, Application>(),
    resourceServers: new Map<ClientId, ResourceServer>(),
    accounts: new Map<AccountId, Account>(),
    sessions: new Map<string, Session>(),
    assertOpen: () => {
      if (!isOpen) throw new StoreUnavailable("the store is closed");
    },
    close: () => {
      isOpen = false;
    },
  };
}

function grantStore(rows: Rows): Store["grants"] {
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(rows.grants.get(id));
    },
    insert: async (grant) => {
      rows.assertOpen();
      insertNew(rows.grants, grant.id, grant);
    },
    change: async (id, decide) => {
      rows.assertOpen();
      const change = decide(copyOf(rows.grants.get(id)));
      apply(rows, id, change);
      return change.answer;
    },
    standing: async (application, audiences, make) => {
      rows.assertOpen();
      const live = liveStanding(rows, application, audiences);
      if (live !== undefined) return structuredClone(live);
      const made = structuredClone(make());
      if (made.application !== application || !isLiveStanding(made) || !sameList(made.audiences, audiences)) {
        throw new Error("the grant made is not the standing grant asked for");
      }
      insertNew(rows.grants, made.id, made);
      return made;
    },
    isTokenRevoked: async (fingerprint) => {
      rows.assertOpen();
      return rows.revokedTokens.has(keyOf(fingerprint));
    },
    list: async ({ application, owner, state, limit }) => {
      rows.assertOpen();
      const fits = (grant: Grant) =>
        (application === undefined || grant.application === application) &&
        (owner === undefined || grant.owner === owner) &&
        (state === undefined || grant.state === state);
      const newestFirst = [...rows.grants.values()].filter(fits).sort((one, other) => (one.id < other.id ? 1 : -1));
      return structuredClone(newestFirst.slice(0, limit));
    },
    revocations: async (after, limit) => {
      rows.assertOpen();
      return structuredClone(rows.feed.filter((entry) => entry.position > after).slice(0, limit));
    },
  };
}

function apply<T>(rows: Rows, id: GrantId, { write, revokedToken, feed }: Change<T>): void {
  if (write !== undefined) {
    const before = rows.grants.get(id);
    const sameRow = write.id === id && write.application === before?.application && write.owner === before.owner;
    if (!sameRow || write.version !== before.version) throw new Error("the grant written is not the grant read");
    rows.grants.set(id, { ...structuredClone(write), version: write.version + 1 });
  }
  if (revokedToken !== undefined) {
    const key = keyOf(revokedToken.fingerprint);
    rows.revokedTokens.set(key, Math.max(revokedToken.until, rows.revokedTokens.get(key) ?? 0));
  }
  if (feed !== undefined) rows.feed.push({ ...structuredClone(feed), position: ++rows.feedPosition });
}

const isLiveStanding = (grant: Grant): boolean => grant.owner === null && grant.state === "active";

const liveStanding = (rows: Rows, application: ClientId, audiences: readonly string[]): Grant | undefined =>
  [...rows.grants.values()].find(
    (grant) => grant.application === application && isLiveStanding(grant) && sameList(grant.audiences, audiences),
  );

function applicationStore(rows: Rows): Store["applications"] {
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(rows.applications.get(id));
    },
    insert: async (application) => {
      rows.assertOpen();
      insertNew(rows.applications, application.id, application);
    },
    list: async () => {
      rows.assertOpen();
      return structuredClone([...rows.applications.values()].sort(oldestFirst));
    },
    setSecrets: async (id, secrets, authMethod) => {
      rows.assertOpen();
      const application = rows.applications.get(id);
      if (application !== undefined) rows.applications.set(id, structuredClone({ ...application, secrets, authMethod }));
    },
    bindAuthMethod: async (id, method) => {
      rows.assertOpen();
      const application = rows.applications.get(id);
      if (application === undefined) return null;
      application.authMethod ??= method;
      return application.authMethod;
    },
    delete: async (id) => {
      rows.assertOpen();
      return rows.applications.delete(id);
    },
  };
}

function resourceServerStore(rows: Rows): Store["resourceServers"] {
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(rows.resourceServers.get(id));
    },
    insert: async (resourceServer) => {
      rows.assertOpen();
      insertNew(rows.resourceServers, resourceServer.id, resourceServer);
    },
    list: async () => {
      rows.assertOpen();
      return structuredClone([...rows.resourceServers.values()].sort(oldestFirst));
    },
  };
}

function accountStore(rows: Rows): Store["accounts"] {
  const withEmail = (email: string) => [...rows.accounts.values()].find((account) => account.email === email);
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(rows.accounts.get(id));
    },
    findByEmail: async (email) => {
      rows.assertOpen();
      return copyOf(withEmail(email));
    },
    insert: async (account) => {
      rows.assertOpen();
      if (withEmail(account.email) !== undefined) return false;
      insertNew(rows.accounts, account.id, account);
      return true;
    },
    setPasswordHash: async (id, passwordHash) => {
      rows.assertOpen();
      const account = rows.accounts.get(id);
      if (account !== undefined) rows.accounts.set(id, { ...account, passwordHash });
    },
  };
}

function sessionStore(rows: Rows): Store["sessions"] {
  return {
    find: async (digest) => {
      rows.assertOpen();
      return copyOf(rows.sessions.get(keyOf(digest)));
    },
    insert: async (session) => {
      rows.assertOpen();
      insertNew(rows.sessions, keyOf(session.digest), session);
    },
    touch: async (digest, idleExpiresAt) => {
      rows.assertOpen();
      const session = rows.sessions.get(keyOf(digest));
      if (session !== undefined) rows.sessions.set(keyOf(digest), { ...session, idleExpiresAt });
    },
    delete: async (digest) => {
      rows.assertOpen();
      rows.sessions.delete(keyOf(digest));
    },
  };
}

function sweep(rows: Rows, now: EpochSeconds, limit: number): number {
  rows.assertOpen();
  const removals = [
    ...endedIn(rows.grants, (grant) => isSweepable(grant, now)),
    ...endedIn(rows.revokedTokens, (until) => until <= now),
    ...endedIn(rows.sessions, (session) => Math.min(session.idleExpiresAt, session.expiresAt) <= now),
    ...rows.feed.filter((entry) => entry.until <= now).map((entry) => () => rows.feed.splice(rows.feed.indexOf(entry), 1)),
  ].slice(0, limit);
  for (const remove of removals) remove();
  return removals.length;
}

const endedIn = <K, V>(table: Map<K, V>, hasEnded: (row: V) => boolean): (() => unknown)[] =>
  [...table].filter(([, row]) => hasEnded(row)).map(([key]) => () => table.delete(key));

function insertNew<K, V>(table: Map<K, V>, key: K, row: V): void {
  if (table.has(key)) throw new Error("a row with this id exists already");
  table.set(key, structuredClone(row));
}

const copyOf = <T>(row: T | undefined): T | undefined => (row === undefined ? undefined : structuredClone(row));

const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index]);

type Dated = { id: string; createdAt: EpochSeconds };
const oldestFirst = (one: Dated, other: Dated): number => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
