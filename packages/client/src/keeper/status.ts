import type { KeeperContext } from "./context.ts";
import { untilNextAttemptMs } from "./decide.ts";
import type { DeathCause, Evidence } from "./errors.ts";
import type { StoredGrant } from "./grants.ts";
import { findProvider } from "./provider.ts";
import type { GrantState } from "./record.ts";
import { ageMs, lifeLeftMs, momentOf, wholeSeconds } from "./time.ts";

/** The state of a grant, for people and dashboards. Contains no secret. */
export type GrantStatus = {
  /** The id that it was adopted under. */
  id: string;
  /** The provider's issuer. */
  issuer: string;
  /** The client at that provider. */
  clientId: string;
  /** Who consented, as `adopt` was told. */
  subject?: string | undefined;
  /** What is known of it; docs/keeper.md explains each state. */
  state: GrantState;
  /** Counts the token pairs. */
  version: number;
  /** The granted scopes, where the provider named them. */
  scope?: readonly string[] | undefined;
  /** What is left of the access token, by this process's clock; undefined if the provider gave no lifetime. */
  expiresInSeconds?: number | undefined;
  /** A process holds the lease. */
  leased: boolean;
  /** A refresh was possibly sent, and its answer is not stored. */
  answerMissing: boolean;
  /** No attempt is made before. */
  retryAfterMs: number;
  /** Consecutive attempts without an answer. */
  failures: number;
  /** Refusals of this pair. */
  refusals: number;
  /** This process holds a newer pair that is not in the store. */
  volatile: boolean;
  /** Why it ended, where it has. */
  ended?: DeathCause | undefined;
  /** What the provider said, newest last. */
  evidence: readonly Evidence[];
  /** Where the user can connect again. */
  reconnectUrl?: string | undefined;
};

export function statusOf(context: KeeperContext, stored: StoredGrant): GrantStatus {
  const { record, observation } = stored;
  const { id, issuer, clientId, subject, state, version, scope, streak, evidence } = record;
  return {
    id,
    issuer,
    clientId,
    subject,
    state,
    version,
    scope,
    expiresInSeconds: wholeSeconds(lifeLeftMs(record, ageMs(observation, momentOf(context.world)))),
    leased: record.lease !== undefined,
    answerMissing: record.intent !== undefined,
    retryAfterMs: Math.ceil(untilNextAttemptMs(context, stored)),
    failures: streak,
    refusals: record.suspicion?.refusals ?? 0,
    volatile: context.heldAnswers.has(id),
    ended: record.cause,
    evidence,
    reconnectUrl: findProvider(context, record)?.reconnectUrl,
  };
}
