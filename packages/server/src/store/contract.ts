import type { AccountId, ClientId, EpochSeconds, GrantId } from "@symbolon/protocol";
import type { Account, Session } from "../accounts/account.ts";
import type { Application, ResourceServer, SecretSlot } from "../applications/application.ts";
import type { Grant } from "../grants/grant.ts";

/** At once where the row is at hand; `await` takes either. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * What the server asks of a database. Each operation is one atomic step. A promise that resolves means *durable*: the
 * commit has reached the disk. A store that cannot say rejects with `StoreUnavailable`, and the wire hears 503. What a
 * read hands out is never altered, neither by the store nor by whoever asked: a row that changed is another object. One
 * contract suite (`@symbolon/testing`) runs against every store.
 */
export interface Store {
  readonly grants: GrantStore;
  readonly applications: ApplicationStore;
  readonly resourceServers: ResourceServerStore;
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  /** Resolves when the store can read and write at this moment. */
  ready(): Promise<void>;
  /**
   * Looks through the next part of the rows, removes at most `limit` that nothing needs any more, and tells how many.
   * Zero may mean that this part had none: call it again and again, for ever. @see isSweepable in grants/sweep.ts
   */
  sweep(now: EpochSeconds, limit: number): Promise<number>;
  close(): Promise<void>;
}

export interface GrantStore {
  /** A security read: sees every write whose promise resolved before the call, in whichever process. */
  find(id: GrantId): MaybePromise<Grant | undefined>;
  insert(grant: Grant): Promise<void>;
  /**
   * Runs `decide` on the row as it stands under the store's write lock and stores what it answers, in one transaction.
   * `decide` is pure and may run again. What it throws rejects the promise and writes nothing. What it writes has the
   * id, application, owner and version of what it was given.
   */
  change<T>(id: GrantId, decide: (grant: Grant | undefined) => Change<T>): Promise<T>;
  /**
   * The active client-credentials grant of an application for exactly these audiences, in this order, or what `make`
   * answers, inserted. It may have expired: then revoke it and ask again.
   */
  findOrCreateClientCredentials(application: ClientId, audiences: readonly string[], make: () => Grant): Promise<Grant>;
  isTokenRevoked(fingerprint: Uint8Array): Promise<boolean>;
  /** Newest first. */
  list(filter: GrantFilter): Promise<Grant[]>;
  /** Feed entries after `position`, in commit order. */
  revocations(after: number, limit: number): Promise<(RevocationEntry & { position: number })[]>;
}

/** `before`: only grants older than this one, for walking through many in batches. */
export type GrantFilter = {
  application?: ClientId;
  owner?: AccountId;
  state?: Grant["state"];
  before?: GrantId;
  limit: number;
};

/** What a decision does to the row: `write` replaces it (the store sets `version + 1`), absent leaves it as it is. */
export type Change<T> = {
  answer: T;
  write?: Grant;
  /** Recorded in the same transaction; swept after `until`. */
  revokedToken?: { fingerprint: Uint8Array; until: EpochSeconds };
  /** Appended to the revocation feed in the same transaction (guards.md §6). */
  feed?: RevocationEntry;
};

/** Hashes only, never a token. `until`: when the last token concerned would have expired. */
export type RevocationEntry = { at: EpochSeconds; until: EpochSeconds; kind: "grant" | "token"; hash: Uint8Array };

export interface ApplicationStore {
  find(id: ClientId): MaybePromise<Application | undefined>;
  /** An id is used once; a second insert rejects. So it is in every store here. */
  insert(application: Application): Promise<void>;
  /** Oldest first. */
  list(): Promise<Application[]>;
  /** Does nothing where there is no such application. */
  setSecrets(id: ClientId, secrets: readonly SecretSlot[], authMethod: Application["authMethod"]): Promise<void>;
  /** Sets the method where none is set yet; answers the one that now stands. */
  bindAuthMethod(id: ClientId, method: NonNullable<Application["authMethod"]>): Promise<Application["authMethod"]>;
  /** Removes the application; its grants stay as rows that no longer answer, until swept. */
  delete(id: ClientId): Promise<boolean>;
}

export interface ResourceServerStore {
  find(id: ClientId): MaybePromise<ResourceServer | undefined>;
  insert(resourceServer: ResourceServer): Promise<void>;
  /** Does nothing where there is no such resource server. */
  setSecrets(id: ClientId, secrets: readonly SecretSlot[]): Promise<void>;
  delete(id: ClientId): Promise<boolean>;
  /** Oldest first. */
  list(): Promise<ResourceServer[]>;
}

export interface AccountStore {
  find(id: AccountId): MaybePromise<Account | undefined>;
  findByEmail(email: string): Promise<Account | undefined>;
  /** Answers false, and changes nothing, where the e-mail address is taken. */
  insert(account: Account): Promise<boolean>;
  /** Oldest first. */
  list(): Promise<Account[]>;
  /** Ends the account's sessions in the same step (WB-17). Does nothing where there is no such account. */
  setPasswordHash(id: AccountId, passwordHash: string): Promise<void>;
  /**
   * null: not any more. Suspending ends the account's sessions in the same step. Answers whether there is such an
   * account.
   */
  setSuspended(id: AccountId, at: EpochSeconds | null): Promise<boolean>;
  /**
   * With its sessions; its grants stay as rows that no longer answer, until swept. Answers whether there was such an
   * account.
   */
  delete(id: AccountId): Promise<boolean>;
}

export interface SessionStore {
  find(digest: Uint8Array): Promise<Session | undefined>;
  insert(session: Session): Promise<void>;
  /** Moves the idle end. */
  touch(digest: Uint8Array, idleExpiresAt: EpochSeconds): Promise<void>;
  delete(digest: Uint8Array): Promise<void>;
}

/** The store did not answer, or the outcome of a commit is unknown. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}
