import { platformFetch, platformWorld } from "../edge.ts";
import { present } from "../present.ts";
import type { Result } from "../result.ts";
import { attempt } from "./attempt.ts";
import { failed, invalid, type Answer, type Exchange } from "./exchange.ts";
import { isAmong, isAmount, usualBackoff, waitMs, whyBadRetries, type Retries } from "./retries.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { CallOptions, Transport } from "./transport.ts";

export const usualTimeoutMs = 30_000;
export const version = "0.1.0";
const noRetries: Retries = { strategy: "none" };

/**
 * Sends an exchange, again where that was asked for, and answers what came back, whatever its status. What fails
 * without an answer is `connection`, `timeout`, `aborted` or `redirect_refused`.
 */
export async function send(exchange: Exchange, transport: Transport, call: CallOptions): Promise<Result<Answer>> {
  const {
    world = platformWorld,
    fetch = platformFetch,
    hooks,
    timeoutMs = usualTimeoutMs,
    retries = noRetries,
    retryCodes,
  } = { ...present(transport), ...present(call) } as Transport;
  const { signal } = call;
  const wrong = !isAmount(timeoutMs)
    ? "timeoutMs"
    : signal !== undefined && !signal?.addEventListener
      ? "signal"
      : whyBadRetries(retries);
  if (wrong !== undefined) return invalid(exchange, wrong, "cannot be used");
  const headers = headersOf(exchange, transport, call);
  if (headers === undefined) return invalid(exchange, "headers", "cannot be sent");

  const { provider, operation, secrets } = exchange;
  const outgoing = { ...exchange, headers };
  const backoff = retries.strategy === "backoff" ? { ...usualBackoff, ...present(retries.backoff ?? {}) } : undefined;
  const began = world.monotonicMs();
  for (let count = 1; ; count++) {
    const context = { provider, operation, attempt: count };
    await hooks?.beforeRequest?.(outgoing, context);
    if (signal?.aborted === true) return failed(exchange, "aborted", count > 1 ? "unknown" : "not_processed");
    const started = world.monotonicMs();
    const turn = await attempt(outgoing, { fetch, world, timeoutMs, signal });
    if (turn.ok)
      await hooks?.afterAnswer?.({ ...turn.value, durationMs: world.monotonicMs() - started, secrets }, context);
    else await hooks?.afterError?.(turn.error, context);

    if (backoff === undefined || world.monotonicMs() - began > backoff.maxElapsedTime) return turn;
    // Asked for at the call, the seeds' retries count in full; of a client, they never spend a token twice by guess.
    if (!isWorthRepeating(turn, exchange.repeatable || call.retries !== undefined, retries, retryCodes)) return turn;
    const asked = turn.ok ? retryAfterMs(turn.value.headers, world.epochMs()) : undefined;
    try {
      await world.sleep(waitMs(backoff, count, world.random(1)[0]! / 255, asked), signal);
    } catch {
      return failed(exchange, "aborted", "unknown");
    }
  }
}

function isWorthRepeating(
  turn: Result<Answer>,
  maySpendTwice: boolean,
  { retryConnectionErrors }: { strategy: string; retryConnectionErrors?: boolean },
  codes: Transport["retryCodes"],
): boolean {
  if (turn.ok) return isAmong(turn.value.status, codes) && (maySpendTwice || turn.value.status === 429);
  const { code, outcome } = turn.error;
  return (
    retryConnectionErrors === true &&
    (code === "connection" || code === "timeout") &&
    (maySpendTwice || outcome === "not_processed")
  );
}

function headersOf(exchange: Exchange, { userAgent, headers }: Transport, call: CallOptions): Headers | undefined {
  try {
    // A page in a browser may not name itself; asking to would only cost a preflight request.
    const isSilent = "document" in globalThis || userAgent === null;
    const all = new Headers(isSilent ? {} : { "user-agent": userAgent ?? `symbolon-client/${version}` });
    for (const given of [headers, call.headers, exchange.headers])
      new Headers(given).forEach((value, name) => all.set(name, value));
    return all;
  } catch {
    return undefined;
  }
}
