import { useAccess } from "../../provider/access.ts";
import { nowOf, type IssuedPair, type Provider } from "../../provider/provider.ts";
import { takeRolling } from "../../provider/quota.ts";
import { readBearer } from "../../wire/credentials.ts";
import { withHeaders, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";
import { errors, forbidden, unauthorized } from "./errors.ts";
import type { GustoSettings } from "./settings.ts";
import { needsStrictToken, readVersion, type Version } from "./version.ts";

type Called = { held: IssuedPair; version: Version };
type Call = (called: Called, request: EmulatorRequest, provider: Provider) => EmulatorResponse;

/**
 * Checks an API call: first the token, then the version, the quota and the scope. Scopes are enforced in production
 * only. The first call with a new token ends the previous token pair.
 */
export const authenticated =
  (settings: GustoSettings, scope: string | null, call: Call) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const token = readBearer(request);
    if (token === undefined) return echo(unauthorized(settings, "is missing"), request, provider, settings);
    const access = useAccess(provider, token);
    if (!access.ok)
      return echo(
        unauthorized(settings, access.because === "unknown" ? "is invalid" : `is ${access.because}`),
        request,
        provider,
        settings,
      );
    const { grant } = access.held;
    const version = readVersion(request, provider.applications.get(grant.clientId), provider, settings);
    if ("status" in version) return version;
    const { headers, over } = quotaOf(`${grant.clientId} ${grant.person?.id ?? "application"}`, provider, settings);
    const whole = (answer: EmulatorResponse): EmulatorResponse =>
      withHeaders(answer, { "x-gusto-api-version": version.date, ...headers });
    if (over) return whole(errors(429, "rate_limit_exceeded", "Too many requests", "request"));
    if (grant.legacyResources !== undefined && needsStrictToken(version))
      return whole(forbidden(settings, "From 2023-05-01 on a token of one company is required"));
    if (scope !== null && settings.environment === "production" && !grant.scope.includes(scope))
      return whole(forbidden(settings, `The scope ${scope} was not granted`));
    return whole(call({ held: access.held, version }, request, provider));
  };

function quotaOf(
  who: string,
  provider: Provider,
  settings: GustoSettings,
): { headers: Record<string, string>; over: boolean } {
  if (settings.requestsPerMinute === null) return { headers: {}, over: false };
  const { limit, remaining, resetsAt, over } = takeRolling(provider, who, settings.requestsPerMinute, 60);
  const headers: Record<string, string> = {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": new Date(resetsAt * 1000).toISOString().replace(".000", ""),
  };
  if (over) headers["retry-after"] = String(Math.max(1, resetsAt - nowOf(provider)));
  return { headers, over };
}

/** Adds the version header also to answers to unauthenticated requests. */
function echo(
  answer: EmulatorResponse,
  request: EmulatorRequest,
  provider: Provider,
  settings: GustoSettings,
): EmulatorResponse {
  const version = readVersion(request, undefined, provider, settings);
  return "status" in version ? version : withHeaders(answer, { "x-gusto-api-version": version.date });
}
