import type { MaybePromise, Store } from "@symbolon/server";

/** Lets a call through to the store, refuses it or delays it. `isWrite`: whether the call may write. */
export type Gate = <T>(call: StoreCall, perform: () => Promise<T>) => Promise<T>;

export type StoreCall = { name: string; isWrite: boolean };

/** A store whose calls pass a gate first. `inner` is called every time, because a restored backup is another store. */
export function gatedStore(inner: () => Store, gate: Gate): Store {
  const read = <T>(name: string, perform: () => MaybePromise<T>): Promise<T> =>
    gate({ name, isWrite: false }, async () => perform());
  const write = <T>(name: string, perform: () => Promise<T>): Promise<T> => gate({ name, isWrite: true }, perform);
  return {
    grants: {
      find: (id) => read("grants.find", () => inner().grants.find(id)),
      insert: (grant) => write("grants.insert", () => inner().grants.insert(grant)),
      offer: (grant, decide) => write("grants.offer", () => inner().grants.offer(grant, decide)),
      change: (id, decide) => write("grants.change", () => inner().grants.change(id, decide)),
      findOrCreateClientCredentials: (application, audiences, make) =>
        write("grants.findOrCreateClientCredentials", () =>
          inner().grants.findOrCreateClientCredentials(application, audiences, make),
        ),
      isTokenRevoked: (fingerprint) => read("grants.isTokenRevoked", () => inner().grants.isTokenRevoked(fingerprint)),
      list: (filter) => read("grants.list", () => inner().grants.list(filter)),
      revocations: (after, limit) => read("grants.revocations", () => inner().grants.revocations(after, limit)),
    },
    applications: {
      find: (id) => read("applications.find", () => inner().applications.find(id)),
      insert: (application, beside) =>
        write("applications.insert", () => inner().applications.insert(application, beside)),
      change: (id, decide) => write("applications.change", () => inner().applications.change(id, decide)),
      list: (page) => read("applications.list", () => inner().applications.list(page)),
    },
    resourceServers: {
      find: (id) => read("resourceServers.find", () => inner().resourceServers.find(id)),
      insert: (resourceServer, beside) =>
        write("resourceServers.insert", () => inner().resourceServers.insert(resourceServer, beside)),
      change: (id, decide) => write("resourceServers.change", () => inner().resourceServers.change(id, decide)),
      list: (page) => read("resourceServers.list", () => inner().resourceServers.list(page)),
    },
    accounts: {
      find: (id) => read("accounts.find", () => inner().accounts.find(id)),
      findByEmail: (email) => read("accounts.findByEmail", () => inner().accounts.findByEmail(email)),
      insert: (account, beside) => write("accounts.insert", () => inner().accounts.insert(account, beside)),
      change: (id, decide) => write("accounts.change", () => inner().accounts.change(id, decide)),
      list: (page) => read("accounts.list", () => inner().accounts.list(page)),
    },
    subjects: {
      find: (subject) => read("subjects.find", () => inner().subjects.find(subject)),
      setSuspended: (subject, at) => write("subjects.setSuspended", () => inner().subjects.setSuspended(subject, at)),
    },
    sessions: {
      find: (digest) => read("sessions.find", () => inner().sessions.find(digest)),
      insert: (session) => write("sessions.insert", () => inner().sessions.insert(session)),
      touch: (digest, idleExpiresAt) => write("sessions.touch", () => inner().sessions.touch(digest, idleExpiresAt)),
      delete: (digest) => write("sessions.delete", () => inner().sessions.delete(digest)),
      deleteOf: (owner) => write("sessions.deleteOf", () => inner().sessions.deleteOf(owner)),
    },
    once: {
      put: (record, now) => write("once.put", () => inner().once.put(record, now)),
      find: (id, now) => read("once.find", () => inner().once.find(id, now)),
      take: (id, now) => write("once.take", () => inner().once.take(id, now)),
    },
    audit: {
      append: (line) => write("audit.append", () => inner().audit.append(line)),
      list: (filter) => read("audit.list", () => inner().audit.list(filter)),
      trim: (through, line) => write("audit.trim", () => inner().audit.trim(through, line)),
    },
    ready: () => read("ready", () => inner().ready()),
    sweep: (now, limit) => write("sweep", () => inner().sweep(now, limit)),
    close: () => inner().close(),
  };
}
