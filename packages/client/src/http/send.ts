import { platformFetch, platformWorld } from "../edge.ts";
import { failure, invalidRequest } from "../errors/failures.ts";
import type { Result } from "../result.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { attempt } from "./attempt.ts";
import type { HttpResponse, PreparedRequest } from "./prepared-request.ts";
import {
  defaultBackoff,
  invalidRetriesField,
  isNonNegative,
  matchesStatus,
  retryDelayMs,
  type Retries,
} from "./retries.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** Timeout of an attempt where none is set, in milliseconds. */
export const defaultTimeoutMs = 30_000;
/** The version of this package, for the User-Agent header. */
export const version = "0.1.0";
const noRetries: Retries = { strategy: "none" };

/**
 * Sends a request, with retries where they are configured, and returns the response of any status. Fails with
 * `connection`, `timeout`, `aborted` or `redirect_refused` if there is no usable response, and with
 * `invalid_request` where an option cannot be used.
 */
export async function send(
  request: PreparedRequest,
  transport: Transport,
  call: CallOptions,
): Promise<Result<HttpResponse>> {
  const {
    world = platformWorld,
    fetch = platformFetch,
    hooks,
    timeoutMs = defaultTimeoutMs,
    retries = noRetries,
    retryCodes,
  } = { ...withoutUndefined(transport), ...withoutUndefined(call) } as Transport;
  const { signal } = call;
  const invalidOption = !isNonNegative(timeoutMs)
    ? "timeoutMs"
    : signal !== undefined && !signal?.addEventListener
      ? "signal"
      : invalidRetriesField(retries);
  if (invalidOption !== undefined) return invalidRequest(request, invalidOption, "cannot be used");
  const headers = mergeHeaders(request, transport, call);
  if (headers === undefined) return invalidRequest(request, "headers", "cannot be sent");

  const { provider, operation, secrets } = request;
  const outgoing = { ...request, headers };
  const backoff =
    retries.strategy === "backoff" ? { ...defaultBackoff, ...withoutUndefined(retries.backoff ?? {}) } : undefined;
  const began = world.monotonicMs();
  for (let count = 1; ; count++) {
    const context = { provider, operation, attempt: count };
    await hooks?.beforeRequest?.(outgoing, context);
    if (signal?.aborted === true) return failure(request, "aborted", count > 1 ? "unknown" : "not_processed");
    const started = world.monotonicMs();
    const result = await attempt(outgoing, { fetch, world, timeoutMs, signal });
    if (result.ok)
      await hooks?.afterResponse?.({ ...result.value, durationMs: world.monotonicMs() - started, secrets }, context);
    else await hooks?.afterError?.(result.error, context);

    if (backoff === undefined || world.monotonicMs() - began > backoff.maxElapsedTime) return result;
    // Retries of a single call apply in full. Retries of the client never risk spending a code or token twice.
    if (!shouldRetry(result, request.repeatable || call.retries !== undefined, retries, retryCodes)) return result;
    const requested = result.ok ? retryAfterMs(result.value.headers, world.epochMs()) : undefined;
    try {
      await world.sleep(retryDelayMs(backoff, count, world.random(1)[0]! / 255, requested), signal);
    } catch {
      return failure(request, "aborted", "unknown");
    }
  }
}

function shouldRetry(
  result: Result<HttpResponse>,
  maySendTwice: boolean,
  { retryConnectionErrors }: { strategy: string; retryConnectionErrors?: boolean },
  codes: Transport["retryCodes"],
): boolean {
  if (result.ok) return matchesStatus(result.value.status, codes) && (maySendTwice || result.value.status === 429);
  const { code, outcome } = result.error;
  return (
    retryConnectionErrors === true &&
    (code === "connection" || code === "timeout") &&
    (maySendTwice || outcome === "not_processed")
  );
}

/**
 * Later ones replace earlier ones: the client's, the call's, those of the operation. Undefined if one is invalid.
 */
function mergeHeaders(
  request: PreparedRequest,
  { userAgent, headers }: Transport,
  call: CallOptions,
): Headers | undefined {
  try {
    // In pages and workers of a browser the header would need a CORS preflight that allows it.
    const isOmitted = "document" in globalThis || "importScripts" in globalThis || userAgent === null;
    const merged = new Headers(isOmitted ? {} : { "user-agent": userAgent ?? `symbolon-client/${version}` });
    for (const given of [headers, call.headers, request.headers])
      new Headers(given).forEach((value, name) => merged.set(name, value));
    return merged;
  } catch {
    return undefined;
  }
}
