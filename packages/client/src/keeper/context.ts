import type { World } from "../world.ts";
import type { ClientGate, Clients } from "./clients.ts";
import type { ClockOffsets } from "./clock-offsets.ts";
import type { KeeperEvent } from "./events.ts";
import type { Grants } from "./grants.ts";
import type { KeeperProvider } from "./provider.ts";
import type { HeldAnswer } from "./judge.ts";
import type { SingleFlight } from "./single-flight.ts";
import type { KeeperStore } from "./store.ts";
import type { Vault } from "./vault.ts";

/** What the functions of one keeper work with. */
export type KeeperContext = {
  world: World;
  /** Every error of the given store is "store_unavailable". */
  store: KeeperStore;
  /** Keeps sealed pairs that their records cannot take. */
  outbox: KeeperStore;
  vault: Vault;
  providers: readonly KeeperProvider[];
  grants: Grants;
  clients: Clients;
  /** The name of this process in leases. */
  owner: string;
  /** Whether the process that calls itself `owner` is known to have ended. */
  isGone(owner: string): boolean;
  emit(event: KeeperEvent): void;
  /** By grant: an answer that the store has not taken yet. */
  heldAnswers: Map<string, HeldAnswer>;
  clockOffsets: ClockOffsets;
  /** One task on a grant at a time in this process. */
  singleFlight: SingleFlight<RefreshAttempt | Revoked | void>;
  isClosed(): boolean;
};

/** What came of a refresh. */
export type RefreshAttempt = {
  /** A request was sent, or must not be sent now: the caller does not get another attempt. */
  tried: boolean;
  /** The version that the new pair became; absent if it is not stored. */
  version?: number | undefined;
  /** Whether the client may send now. */
  gate?: ClientGate | undefined;
};

/**
 * `pending`: no token is handed out any more, and the provider has not confirmed yet; `revoke` again, or `sweep`,
 * continues.
 */
export type Revoked = "revoked" | "pending";
