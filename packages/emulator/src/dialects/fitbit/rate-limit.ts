import { nowOf, type IssuedPair, type Provider } from "../../provider/provider.ts";
import { takeFixed } from "../../provider/quota.ts";
import { withHeaders, type EmulatorResponse } from "../../wire/message.ts";
import { tooMany } from "./errors.ts";
import type { FitbitSettings } from "./settings.ts";

const hour = 3600;

/** Counts a call against the hourly quota of the token's user. Client-credentials tokens have a quota of their own. */
export function counted(
  { grant }: IssuedPair,
  provider: Provider,
  settings: FitbitSettings,
  answer: () => EmulatorResponse,
): EmulatorResponse {
  if (settings.requestsPerHour === null) return answer();
  const { limit, remaining, resetsAt, over } = takeFixed(
    provider,
    `${grant.clientId} ${grant.person?.id ?? "application"}`,
    settings.requestsPerHour,
    hour,
  );
  const reset = String(resetsAt - nowOf(provider));
  const headers = {
    "fitbit-rate-limit-limit": String(limit),
    "fitbit-rate-limit-remaining": String(remaining),
    "fitbit-rate-limit-reset": reset,
  };
  return over ? withHeaders(tooMany(), { ...headers, "retry-after": reset }) : withHeaders(answer(), headers);
}

/**
 * Adds the three rate-limit headers to every answer. An answer that was not counted shows the full quota; a 429 has
 * Retry-After.
 */
export function withRateLimit(
  answer: EmulatorResponse,
  provider: Provider,
  { requestsPerHour }: FitbitSettings,
): EmulatorResponse {
  if (requestsPerHour === null) return answer;
  const reset = String(hour - (nowOf(provider) % hour));
  const headers = {
    "fitbit-rate-limit-limit": String(requestsPerHour),
    "fitbit-rate-limit-remaining": String(requestsPerHour),
    "fitbit-rate-limit-reset": reset,
  };
  const retry: Record<string, string> = answer.status === 429 ? { "retry-after": reset } : {};
  return { ...answer, headers: { ...headers, ...retry, ...answer.headers } };
}
