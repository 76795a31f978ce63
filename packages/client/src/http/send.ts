import { platformFetch, platformWorld } from "../edge.ts";
import type { Result } from "../result.ts";
import { attempt } from "./attempt.ts";
import { invalid, type Answer, type Exchange, failed } from "./exchange.ts";
import { isAmong, usualBackoff, waitMs, whyBadRetries } from "./retries.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { CallOptions, Transport } from "./transport.ts";

export const usualTimeoutMs = 30_000;
export const version = "0.1.0";

/**
 * Sends an exchange, again where that was asked for, and answers what came back, whatever its status. What fails without
 * an answer is `connection`, `timeout`, `aborted` or `redirect_refused`.
 */
export async function send(exchange: Exchange, transport: Transport, call: CallOptions): Promise<Result<Answer>> {
  const { world = platformWorld, fetch = platformFetch, hooks } = transport;
  const { signal } = call;
  const timeoutMs = call.timeoutMs ?? transport.timeoutMs ?? usualTimeoutMs;
  const retries = call.retries ?? transport.retries ?? { strategy: "none" };
  const wrong = Number.isFinite(timeoutMs) && timeoutMs >= 0 ? whyBadRetries(retries) : "timeoutMs";
  if (wrong !== undefined) return invalid(exchange, wrong, "must be a number of at least 0");
  const headers = headersOf(exchange, transport, call);
  if (headers === undefined) return invalid(exchange, "headers", "hold a character that a header cannot hold");

  const { method, url, body, secrets, provider, operation } = exchange;
  const backoff = { ...usualBackoff, ...defined(retries.strategy === "backoff" ? retries.backoff : undefined) };
  const began = world.monotonicMs();
  for (let count = 1; ; count++) {
    if (signal?.aborted === true) return failed(exchange, "aborted", "not_processed");
    const context = { provider, operation, attempt: count };
    await hooks?.beforeRequest?.({ method, url, headers, secrets, ...(body === undefined ? {} : { body }) }, context);
    const started = world.monotonicMs();
    const turn = await attempt(exchange, headers, { fetch, world, timeoutMs, signal });
    if (turn.ok) await hooks?.afterAnswer?.({ ...turn.value, durationMs: world.monotonicMs() - started, secrets }, context);
    else await hooks?.afterError?.(turn.error, context);

    if (retries.strategy !== "backoff" || world.monotonicMs() - began > backoff.maxElapsedTime) return turn;
    // Asked for at the call, the seeds' retries count in full; of a client, they never spend a token twice by guess.
    const maySpendTwice = exchange.repeatable || call.retries !== undefined;
    if (!isWorthRepeating(turn, maySpendTwice, retries, call.retryCodes ?? transport.retryCodes)) return turn;
    const jitter = (world.random(1)[0] ?? 0) / 255;
    const asked = turn.ok ? retryAfterMs(turn.value.headers, world.epochMs()) : undefined;
    try {
      await world.sleep(waitMs(backoff, count, jitter, asked), signal);
    } catch {
      return failed(exchange, "aborted", turn.ok ? "unknown" : turn.error.outcome);
    }
  }
}

function isWorthRepeating(turn: Result<Answer>, maySpendTwice: boolean, retries: { retryConnectionErrors?: boolean }, codes: Transport["retryCodes"]): boolean {
  if (turn.ok) return isAmong(turn.value.status, codes) && (maySpendTwice || turn.value.status === 429);
  const { code, outcome } = turn.error;
  if (code !== "connection" && code !== "timeout") return false;
  return retries.retryConnectionErrors === true && (maySpendTwice || outcome === "not_processed");
}

function headersOf(exchange: Exchange, transport: Transport, call: CallOptions): Headers | undefined {
  try {
    const headers = new Headers();
    // A page in a browser may not name itself; asking to would only cost a preflight request.
    const agent = "document" in globalThis ? null : transport.userAgent;
    if (agent !== null) headers.set("user-agent", agent ?? `symbolon-client/${version}`);
    for (const set of [transport.headers, call.headers, exchange.headers]) for (const [name, value] of Object.entries(set ?? {})) headers.set(name, value);
    return headers;
  } catch {
    return undefined;
  }
}

const defined = <T extends object>(given: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
