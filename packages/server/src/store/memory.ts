import type { EpochSeconds, Owner } from "@symbolon/protocol";
import { isSweepable } from "../grants/sweep.ts";
import type { Store } from "./contract.ts";
import { grantStore } from "./memory-grants.ts";
import { auditStore } from "./memory-audit.ts";
import { assertBeside, storeBeside } from "./memory-beside.ts";
import { onceStore } from "./memory-once.ts";
import { copyOf, emptyRows, insertNew, keyOf, type Rows } from "./memory-rows.ts";
import { holderIn, rowStore } from "./memory-changes.ts";
import { endsSessions } from "./row-change.ts";

/**
 * The contract in its plainest form, in memory: the model that other stores are compared with, and the store of the
 * simulations. JavaScript runs one step at a time, so every operation is atomic. Nothing is kept after the process
 * ends.
 */
export function memoryStore(): Store {
  const rows = emptyRows();
  return {
    grants: grantStore(rows),
    applications: applicationStore(rows),
    resourceServers: resourceServerStore(rows),
    accounts: accountStore(rows),
    subjects: subjectStore(rows),
    sessions: sessionStore(rows),
    once: onceStore(rows),
    audit: auditStore(rows),
    ready: async () => rows.assertOpen(),
    sweep: async (now, limit) => sweep(rows, now, limit),
    close: async () => rows.close(),
  };
}

function applicationStore(rows: Rows): Store["applications"] {
  return {
    ...rowStore(rows, rows.applications, () => undefined),
    insert: async (application, beside = {}) => {
      rows.assertOpen();
      assertBeside(rows, beside);
      insertNew(rows.applications, application.id, application);
      storeBeside(rows, beside);
    },
  };
}

function resourceServerStore(rows: Rows): Store["resourceServers"] {
  const table = rows.resourceServers;
  return {
    ...rowStore(rows, table, ({ resource }) => resource ?? undefined),
    insert: async (resourceServer, beside = {}) => {
      rows.assertOpen();
      assertBeside(rows, beside);
      const { resource } = resourceServer;
      if (resource !== null && holderIn(table, (row) => row.resource === resource) !== undefined) return false;
      insertNew(table, resourceServer.id, resourceServer);
      storeBeside(rows, beside);
      return true;
    },
  };
}

function accountStore(rows: Rows): Store["accounts"] {
  const table = rows.accounts;
  const withEmail = (email: string) => [...table.values()].find((account) => account.email === email);
  return {
    ...rowStore(
      rows,
      table,
      ({ email }) => email,
      (before, after) => {
        if (endsSessions(before, after)) endSessions(rows, before.id);
      },
    ),
    findByEmail: async (email) => {
      rows.assertOpen();
      return copyOf(withEmail(email));
    },
    insert: async (account, beside = {}) => {
      rows.assertOpen();
      assertBeside(rows, beside);
      if (withEmail(account.email) !== undefined) return false;
      insertNew(table, account.id, account);
      storeBeside(rows, beside);
      return true;
    },
  };
}

function endSessions(rows: Rows, owner: Owner): number {
  const ended = [...rows.sessions].filter(([, session]) => session.owner === owner);
  for (const [key] of ended) rows.sessions.delete(key);
  return ended.length;
}

function subjectStore(rows: Rows): Store["subjects"] {
  return {
    find: async (subject) => {
      rows.assertOpen();
      return { subject, suspendedAt: rows.suspendedSubjects.get(subject) ?? null };
    },
    setSuspended: async (subject, at) => {
      rows.assertOpen();
      if (at === null) rows.suspendedSubjects.delete(subject);
      else {
        rows.suspendedSubjects.set(subject, at);
        endSessions(rows, subject);
      }
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
    deleteOf: async (owner) => {
      rows.assertOpen();
      return endSessions(rows, owner);
    },
  };
}

function sweep(rows: Rows, now: EpochSeconds, limit: number): number {
  rows.assertOpen();
  const removals = [
    ...endedIn(rows.grants, (grant) => isSweepable(grant, now)),
    ...endedIn(rows.revokedTokens, (until) => until <= now),
    ...endedIn(rows.sessions, (session) => Math.min(session.idleExpiresAt, session.expiresAt) <= now),
    ...endedIn(rows.once, ({ until }) => until <= now),
    ...rows.feed
      .filter((entry) => entry.until <= now)
      .map((entry) => () => rows.feed.splice(rows.feed.indexOf(entry), 1)),
  ].slice(0, limit);
  for (const remove of removals) remove();
  return removals.length;
}

const endedIn = <K, V>(table: Map<K, V>, hasEnded: (row: V) => boolean): (() => unknown)[] =>
  [...table]
    .filter(([, row]) => hasEnded(row))
    .map(
      ([key]) =>
        () =>
          table.delete(key),
    );
