import type { RefreshOutcome } from "@symbolon/client/keeper";
import type { Scheduler } from "@symbolon/testing";
import type { Plan } from "./plan.ts";
import type { Family, Presented } from "./provider/family.ts";
import type { ProviderKind } from "./provider/rules.ts";
import type { LeaseFacts } from "./lease-facts.ts";
import type { RareState } from "./rare-states.ts";
import type { RecordView, SubjectKind } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** One POST, from its start until its process has the outcome. */
export type Flight = {
  grant: GrantFacts;
  process: VirtualProcess;
  life: number;
  presented: Presented;
  clientGeneration: number;
  /** The fencing token of the lease under which it was sent, and the heartbeats of that lease by then. */
  fence: number | undefined;
  beat: number | undefined;
  startedAtMs: number;
  /** What its process had stood still until then. */
  stoodStillMs: number;
  outcome: RefreshOutcome | undefined;
  isOver: boolean;
};

/** What went wrong around a grant, and may excuse what comes of it. */
export type TroubleKind =
  | "store"
  | "death"
  | "standstill"
  | "stopped"
  | "suspended"
  | "partition"
  | "episode"
  | "unknown outcome"
  | "copy"
  | "clock";
export type Trouble = { atMs: number; kind: TroubleKind };

/** What the oracle knows of one grant, beyond what any process or the provider's wire would say. */
export type GrantFacts = {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly issuer: string;
  readonly lifetimeSeconds: number;
  /** The provider's own books. */
  family: Family;
  consents: number;
  flights: Flight[];
  /** Every POST that left. */
  posts: { by: string; generation: number; atMs: number }[];
  /** When a POST reached the provider. */
  arrivals: number[];
  /** The record as it stands in the store, and every access token that ever stood there. */
  record: RecordView | undefined;
  writtenAtMs: number;
  durable: Set<string>;
  /** Access tokens bought, when, and the refresh token that came along. */
  bought: Map<string, { atMs: number; refreshToken: string }>;
  rejected: Set<string>;
  troubles: Trouble[];
  /** An `invalid_grant` that meant nothing was answered. */
  wasRefusedForNothing: boolean;
  /** Who presented each refresh token first. */
  presentedBy: Map<string, string>;
  weRevoke: boolean;
  /** Half of its record was lost in the store. */
  isDamaged: boolean;
  /** A user is connecting again. */
  isConsenting: boolean;
  /** By us, and the keeper has said that it is done. */
  isRevocationAcknowledged: boolean;
  readonly leases: LeaseFacts;
};

/** Whether this POST may still bring something: its process lives, and has not stood still since. */
export const isLive = ({ isOver, process, life, stoodStillMs }: Flight): boolean =>
  !isOver && process.isUp && process.life === life && !process.isStandingStill && process.stoodStillMs === stoodStillMs;

/** Whether there was any such trouble since then. */
export const hadTrouble = ({ troubles }: GrantFacts, sinceMs: number, kinds?: readonly TroubleKind[]): boolean =>
  troubles.some(({ atMs, kind }) => atMs >= sinceMs && (kinds === undefined || kinds.includes(kind)));

/** An access token that a provider has issued. */
export type AccessToken = { grant: GrantFacts; generation: number; expiresAtMs: number };

/** What the oracle sees of the simulation. */
export type SimulationView = {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly kind: SubjectKind;
  readonly provider: { readonly accessTokens: ReadonlyMap<string, AccessToken>; readonly knowsClients: number };
  note(line: string): void;
};

/** What the checks of the oracle use of it. */
export type Watch = {
  readonly world: SimulationView;
  /** Ends the run with a violation. */
  fail(invariant: string, message: string): void;
  saw(state: RareState): void;
};
