import type { AccountId, ClientId, EpochSeconds, ExternalSubject, GrantId, Owner } from "@symbolon/protocol";
import type { Account, Session } from "../accounts/account.ts";
import type { Application, ResourceServer } from "../applications/application.ts";
import type { AuditAppend, AuditRecord } from "../audit/chain.ts";
import type { Grant } from "../grants/grant.ts";

/** A value, or a promise of it; `await` takes either. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * The database of the server. Each operation is one atomic step. A promise that resolves means *durable*: the commit
 * has reached the disk. A store that cannot tell rejects with `StoreUnavailable`, which is 503 on the wire. An object
 * that a read returned is never changed, neither by the store nor by its caller: a row that changes is a new object.
 * One contract suite (`@symbolon/testing`) runs against every store.
 */
export interface Store {
  readonly grants: GrantStore;
  readonly applications: ApplicationStore;
  readonly resourceServers: ResourceServerStore;
  readonly accounts: AccountStore;
  readonly subjects: SubjectStore;
  readonly sessions: SessionStore;
  readonly once: OnceStore;
  readonly audit: AuditStore;
  /** Resolves if the store can read and write now. */
  ready(): Promise<void>;
  /**
   * Looks through the next part of the rows, removes at most `limit` that have no effect any more, and returns how
   * many. Zero may mean that this part had none, so it is called repeatedly for as long as the server runs. @see
   * isSweepable in grants/sweep.ts
   */
  sweep(now: EpochSeconds, limit: number): Promise<number>;
  close(): Promise<void>;
}

export interface GrantStore {
  /** A security read: sees every write, of any process, whose promise resolved before the call. */
  find(id: GrantId): MaybePromise<Grant | undefined>;
  insert(grant: Grant): Promise<void>;
  /**
   * Stores the grant of a consent. In the same step `decide` gets the offered ones among the newest grants of the same
   * owner (at least the newest 100), newest first, and says whether one of them is used instead, or which are removed.
   * `decide` is pure and may run again. Returns the grant that is stored.
   */
  offer(grant: Grant, decide: (offers: readonly Grant[]) => OfferDecision): Promise<Grant>;
  /**
   * Runs `decide` on the current row under the write lock of the store and stores what it returns, in one transaction.
   * `decide` is pure and may run again. If it throws, the promise rejects and nothing is written. What it writes keeps
   * the id, application, owner and version of the row that it was given.
   */
  change<T>(id: GrantId, decide: (grant: Grant | undefined) => Change<T>): Promise<T>;
  /**
   * The active client-credentials grant of an application for exactly these audiences, in this order. If there is none,
   * the grant that `make` returns is inserted. The grant may have expired: then revoke it and call again.
   */
  findOrCreateClientCredentials(application: ClientId, audiences: readonly string[], make: () => Grant): Promise<Grant>;
  isTokenRevoked(fingerprint: Uint8Array): Promise<boolean>;
  /** Newest first. */
  list(filter: GrantFilter): Promise<Grant[]>;
  /** Feed entries after `position`, in commit order. */
  revocations(after: number, limit: number): Promise<(RevocationEntry & { position: number })[]>;
}

/** `before`: only grants older than this one, to walk through many in batches. */
export type GrantFilter = {
  application?: ClientId;
  owner?: Owner;
  state?: Grant["state"];
  before?: GrantId;
  limit: number;
};

/** `use`: nothing is written. `remove`: these are deleted, and the grant is inserted. */
export type OfferDecision = { use: Grant } | { remove: readonly GrantId[] };

/**
 * What a decision does to the row: `write` replaces it (the store sets `version + 1`); without it the row is unchanged.
 */
export type Change<T> = {
  answer: T;
  write?: Grant;
  /** Stored in the same transaction; swept after `until`. */
  revokedToken?: { fingerprint: Uint8Array; until: EpochSeconds };
  /** Appended to the revocation feed in the same transaction (guards.md §6). */
  feed?: RevocationEntry;
} & Beside;

/** Hashes only, never a token. `until`: when the last token concerned would have expired. */
export type RevocationEntry = { at: EpochSeconds; until: EpochSeconds; kind: "grant" | "token"; hash: Uint8Array };

/** Rows that an operator changes and every request reads. */
export interface RowStore<Id extends string, Row extends ChangeableRow<Id>> {
  find(id: Id): MaybePromise<Row | undefined>;
  /**
   * Runs `decide` on the current row under the write lock of the store and stores what it returns, in one transaction.
   * `decide` is pure and may run again. If it throws, the promise rejects and nothing is written. What it writes keeps
   * the id, `createdAt` and version of the row that it was given. `holderOf` tells, as of that moment, which row has a
   * text that only one may have: the e-mail address of an account, the `resource` of a resource server. A write whose
   * text another row has rejects.
   */
  change<T>(id: Id, decide: (row: Row | undefined, holderOf: HolderOf<Id>) => RowChange<Row, T>): Promise<T>;
  /** Oldest first; those of the same second by id. */
  list(page?: Page<Id>): Promise<Row[]>;
}

export type ChangeableRow<Id> = {
  id: Id;
  createdAt: EpochSeconds;
  /** How often the row was changed; a write names the version that it read. */
  version: number;
};

export type HolderOf<Id> = (text: string) => Id | undefined;

/**
 * What a decision does to a row: `write` replaces it (the store sets `version + 1`), `remove` deletes it; without
 * either it is unchanged.
 */
export type RowChange<Row, T> = { answer: T; write?: Row; remove?: true } & Beside;

/** What is stored in the same transaction as a change: both are durable, or neither. */
export type Beside = {
  /** Appended to the audit log. */
  audit?: AuditAppend;
  /** As `OnceStore.put`. Where there is a record with this id, nothing is changed: rejects with `OnceTaken`. */
  once?: OnceRecord & { now: EpochSeconds };
};

/** The part of a list after a row, which may have been removed since. Absent members: from the first, to the last. */
export type Page<Id> = { after?: { id: Id; createdAt: EpochSeconds }; limit?: number };

/** Where an application is removed, its grants remain as rows without effect until they are swept. */
export interface ApplicationStore extends RowStore<ClientId, Application> {
  /** Rejects if the id exists, in this and every other store. */
  insert(application: Application, beside?: Beside): Promise<void>;
}

export interface ResourceServerStore extends RowStore<ClientId, ResourceServer> {
  /** Returns false, and changes nothing, if the `resource` is taken. */
  insert(resourceServer: ResourceServer, beside?: Beside): Promise<boolean>;
}

/**
 * A change that sets another password, suspends or removes the account ends its sessions in the same step (WB-17,
 * `endsSessions`). Where it is removed, its grants remain as rows without effect until they are swept.
 */
export interface AccountStore extends RowStore<AccountId, Account> {
  findByEmail(email: string): Promise<Account | undefined>;
  /** Returns false, and changes nothing, if the e-mail address is taken. */
  insert(account: Account, beside?: Beside): Promise<boolean>;
}

/** People whom the provider's own sign-in names. Only those who are suspended have a row. */
export interface SubjectStore {
  /** A row for every subject: one that was never suspended is not. */
  find(subject: ExternalSubject): MaybePromise<SubjectRow>;
  /** null ends a suspension. Suspending ends the sessions of the subject in the same step (WB-17). */
  setSuspended(subject: ExternalSubject, at: EpochSeconds | null): Promise<void>;
}

export type SubjectRow = { subject: ExternalSubject; suspendedAt: EpochSeconds | null };

export interface SessionStore {
  find(digest: Uint8Array): Promise<Session | undefined>;
  insert(session: Session): Promise<void>;
  /** Moves the idle end. */
  touch(digest: Uint8Array, idleExpiresAt: EpochSeconds): Promise<void>;
  delete(digest: Uint8Array): Promise<void>;
  /** Deletes every session of the owner, and returns how many there were. */
  deleteOf(owner: Owner): Promise<number>;
}

/** What was changed, by whom and when: lines that are only added, until they are too old (audit/chain.ts). */
export interface AuditStore {
  /** For a change of something that this store does not hold; other lines are appended beside their change. */
  append(line: AuditAppend): Promise<void>;
  list(filter: AuditFilter): Promise<AuditRecord[]>;
  /**
   * Removes the lines up to position `through`, and appends `line` in the same step. Returns how many it removed; if
   * none, nothing is appended.
   */
  trim(through: number, line: AuditAppend): Promise<number>;
}

/** All that are given must fit. `by` is the id of the actor; `since` and `until` are of the time of the line. */
export type AuditFilter = {
  target?: string;
  by?: string;
  operation?: string;
  since?: EpochSeconds;
  /** Exclusive. */
  until?: EpochSeconds;
  /** Only lines after this position. */
  after?: number;
  /** Only lines before this position. */
  before?: number;
  /** Default: the oldest first. */
  newestFirst?: boolean;
  limit: number;
};

/**
 * Records that are used once, such as a completed sign-in or the link to set a password. A record whose end has come is
 * absent, for every operation.
 */
export interface OnceStore {
  /** Returns false, and changes nothing, if there is a record with this id. */
  put(record: OnceRecord, now: EpochSeconds): Promise<boolean>;
  find(id: Uint8Array, now: EpochSeconds): Promise<Uint8Array | undefined>;
  /** Removes the record and returns its value. Of several calls at once, one gets it. */
  take(id: Uint8Array, now: EpochSeconds): Promise<Uint8Array | undefined>;
}

/**
 * `id`: 32 bytes, the hash of what is presented, so that a stolen row is worth nothing. `value`: at most
 * `longestOnceValue` bytes; a longer one rejects.
 */
export type OnceRecord = { id: Uint8Array; value: Uint8Array; until: EpochSeconds };

/** In bytes. */
export const longestOnceValue = 16_384;

/** There is a record with the id that a change wanted to put beside it; nothing was changed. */
export class OnceTaken extends Error {
  override readonly name = "OnceTaken";
}

/** The store did not answer, or the outcome of a commit is unknown. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}
