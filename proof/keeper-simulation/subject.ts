import type { World } from "@symbolon/client";
import type { KeeperProvider, KeeperStore } from "@symbolon/client/keeper";

/** The keeper under test: the real one, or one that is wrong on purpose to show that the simulation detects it. */
export type Subject = {
  /** Takes over what a consent brought. False: it could not be written. */
  adopt(grant: string, issuer: string, pair: Pair): Promise<boolean>;
  /** Never rejects, but for what should never have been thrown. */
  token(grant: string, ask?: Ask): Promise<Handed>;
  /** Ends the grant at the provider, or has it written down that this is to be done. */
  revoke(grant: string): Promise<"revoked" | "unknown">;
  /** What a process does when it starts: finishes what others left that died. */
  recover(): Promise<void>;
  /** What one may do in the background, now and then. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

/** `rejected`: the token that a resource server has refused. */
export type Ask = { rejected?: string; minimumLifeSeconds?: number; signal?: AbortSignal };

export type Pair = { accessToken: string; refreshToken: string; lifetimeSeconds: number };

export type Handed =
  /** `isVolatile`: the keeper says that it could not yet write the pair down. */
  | { kind: "token"; accessToken: string; isVolatile: boolean }
  /** The keeper says that the user has to connect again. */
  | { kind: "ended" }
  | { kind: "none"; code: string; retryAfterMs: number };

export type Ports = { name: string; world: World; store: KeeperStore; providers: readonly KeeperProvider[] };

export type SubjectKind = {
  open(ports: Ports): Promise<Subject>;
  /** What an entry of the store says; undefined if it is not the record of a grant. */
  read(key: string, value: string): RecordView | undefined;
  /** The record with a current pair that cannot be opened. */
  damagePair?(value: string): string;
};

/** A record, as far as it concerns the invariants. `accessToken` is in the clear here, and nowhere else. */
export type RecordView = {
  grant: string;
  state: "active" | "refreshing" | "ambiguous" | "suspect" | "revoking" | "dead";
  version: number;
  fence: number;
  accessToken: string | undefined;
  /** A refresh was possibly sent, and its answer is not stored. */
  hasIntent: boolean;
  owner: string | undefined;
  /** Of the lease: how many heartbeats it has had, and how long it lasts. */
  beat?: number | undefined;
  leaseMs?: number | undefined;
};
