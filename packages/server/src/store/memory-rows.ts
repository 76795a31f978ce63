import type { AccountId, ClientId, EpochSeconds, ExternalSubject, GrantId } from "@symbolon/protocol";
import type { Account, Session } from "../accounts/account.ts";
import type { AuditRecord } from "../audit/chain.ts";
import type { Application, ResourceServer } from "../applications/application.ts";
import type { Grant } from "../grants/grant.ts";
import { type RevocationEntry, StoreUnavailable } from "./contract.ts";

/** The rows of the store in memory. They are copied on their way in and out, so that only the store changes them. */
export type Rows = ReturnType<typeof emptyRows>;

export function emptyRows() {
  let isOpen = true;
  return {
    grants: new Map<GrantId, Grant>(),
    revokedTokens: new Map<string, EpochSeconds>(),
    feed: [] as (RevocationEntry & { position: number })[],
    feedPosition: 0,
    applications: new Map<ClientId, Application>(),
    resourceServers: new Map<ClientId, ResourceServer>(),
    accounts: new Map<AccountId, Account>(),
    suspendedSubjects: new Map<ExternalSubject, EpochSeconds>(),
    sessions: new Map<string, Session>(),
    audit: [] as AuditRecord[],
    once: new Map<string, { value: Uint8Array; until: EpochSeconds }>(),
    assertOpen: () => {
      if (!isOpen) throw new StoreUnavailable("the store is closed");
    },
    close: () => {
      isOpen = false;
    },
  };
}

export function insertNew<K, V>(table: Map<K, V>, key: K, row: V): void {
  if (table.has(key)) throw new Error("a row with this id exists already");
  table.set(key, structuredClone(row));
}

export const copyOf = <T>(row: T | undefined): T | undefined => (row === undefined ? undefined : structuredClone(row));

export const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index]);
