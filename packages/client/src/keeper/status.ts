import { ageMs, lifeLeftMs, momentOf, wholeSeconds } from "./time.ts";
import { givenProvider, waitOf, type Kit } from "./kit.ts";
import type { DeathCause, Evidence, GrantState } from "./record.ts";
import type { Found } from "./grants.ts";

/** How a grant is, for people and their dashboards. Nothing in it is secret. */
export type GrantStatus = {
  id: string;
  issuer: string;
  clientId: string;
  subject?: string | undefined;
  state: GrantState;
  version: number;
  scope?: readonly string[] | undefined;
  /** Of the access token, by this process's clock. Without it the provider has not said. */
  expiresInSeconds?: number | undefined;
  /** A process holds the lease. */
  leased: boolean;
  /** A refresh was perhaps sent, and its answer is not here. */
  answerMissing: boolean;
  /** No attempt before. */
  retryAfterMs: number;
  /** Attempts without an answer in a row, and refusals of this pair. */
  failures: number;
  refusals: number;
  /** What this process has and the store has not. */
  volatile: boolean;
  ended?: DeathCause | undefined;
  /** What the provider said, newest last. */
  evidence: readonly Evidence[];
  reconnectUrl?: string | undefined;
};

export function statusOf(kit: Kit, { record, sight }: Found): GrantStatus {
  const { id, issuer, clientId, subject, state, version, scope, lease, intent, streak, suspicion, cause, evidence } =
    record;
  const now = momentOf(kit.world);
  const leftMs = lifeLeftMs(record, ageMs(sight, now));
  return {
    id,
    issuer,
    clientId,
    subject,
    state,
    version,
    scope,
    expiresInSeconds: wholeSeconds(leftMs),
    leased: lease !== undefined,
    answerMissing: intent !== undefined,
    retryAfterMs: Math.ceil(waitOf(kit, { record, sight })),
    failures: streak,
    refusals: suspicion?.refusals ?? 0,
    volatile: kit.held.has(id),
    ended: cause,
    evidence,
    reconnectUrl: givenProvider(kit, record)?.reconnectUrl,
  };
}

const sentences: Record<GrantState, string> = {
  active: "is well",
  refreshing: "is being refreshed, or somebody died over it",
  ambiguous: "was perhaps refreshed; the lost answer is asked for again when that does no harm",
  suspect: "is refused by the provider, which is not yet believed",
  revoking: "is ended here; the provider has not confirmed yet",
  dead: "is dead",
};

/** A status in words. */
export function explain({
  id,
  state,
  ended,
  version,
  expiresInSeconds,
  retryAfterMs,
  volatile,
  refusals,
  failures,
  evidence,
  reconnectUrl,
}: GrantStatus): string {
  return [
    `Grant ${id} ${sentences[state]}${ended ? ` (${ended})` : ""}. Version ${version}.`,
    state !== "dead" && expiresInSeconds !== undefined && `The access token has ${expiresInSeconds} s to live.`,
    volatile && "A newer pair is in memory only.",
    retryAfterMs > 0 &&
      `The next attempt is in ${Math.ceil(retryAfterMs / 1000)} s: ${refusals} refusals, ${failures} without an answer.`,
    ...evidence.map(
      ({ atMs, version, code, status, description }) =>
        `${new Date(atMs).toISOString()} version ${version}: ${[status, code, description].filter(Boolean).join(" ")}`,
    ),
    (state === "dead" || state === "suspect") && reconnectUrl && `To connect again: ${reconnectUrl}`,
  ]
    .filter(Boolean)
    .join("\n");
}
