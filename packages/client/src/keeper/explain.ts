import type { GrantState } from "./record.ts";
import type { GrantStatus } from "./status.ts";

const sentences: Record<GrantState, string> = {
  active: "is well",
  refreshing: "is being refreshed, or was when a process died",
  ambiguous: "was possibly refreshed; the lost answer is requested again when that is safe",
  suspect: "is refused by the provider, which is not confirmed yet",
  revoking: "is ended here; the provider has not confirmed yet",
  dead: "is dead",
};

/** A status in sentences. */
export function explain({ evidence, state, ...status }: GrantStatus): string {
  const { id, ended, version, expiresInSeconds, retryAfterMs, volatile, refusals, failures, reconnectUrl } = status;
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
