import type { Result } from "../result.ts";
import type { World } from "../world.ts";
import { failed, failedBy, type Answer, type Exchange } from "./exchange.ts";
import { mask, maskedCause } from "./masks.ts";
import { readBody } from "./read-body.ts";

export type AttemptOptions = { fetch: typeof fetch; world: World; timeoutMs: number; signal: AbortSignal | undefined };

/** Sends once and reads the answer to its end, or says why there is none. Redirects are not followed. @see MX-06, MX-08 */
export async function attempt(exchange: Exchange, headers: Headers, { fetch: ask, world, timeoutMs, signal }: AttemptOptions): Promise<Result<Answer>> {
  const { method, url, body, secrets } = exchange;
  const startedAtMs = world.epochMs();
  const deadline = withDeadline(world, timeoutMs, signal);
  try {
    const how = { method, headers, body, redirect: "manual", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: deadline.signal } as const;
    const response = await deadline.orStopped(ask(url, how));
    const text = await deadline.orStopped(readBody(response));
    const answer: Answer = { status: response.status, headers: response.headers, body: text ?? "", startedAtMs, endedAtMs: world.epochMs() };
    if (response.type === "opaqueredirect" || (answer.status >= 300 && answer.status < 400)) return failedBy(exchange, answer, "redirect_refused", "unknown");
    if (text === undefined) return failedBy(exchange, answer, "response_invalid", "unknown", { says: "the answer is larger than 1 MiB" });
    return { ok: true, value: answer };
  } catch (thrown) {
    if (signal?.aborted === true) return failed(exchange, "aborted", "unknown");
    if (deadline.passed()) return failed(exchange, "timeout", "unknown", { says: `no answer within ${timeoutMs} ms` });
    const cause = maskedCause(thrown, secrets);
    return failed(exchange, "connection", neverLeft(thrown) ? "not_processed" : "unknown", { cause, says: mask(deepest(thrown), secrets) });
  } finally {
    deadline.done();
  }
}

/** One signal for the caller's and the timer's; `orStopped` also ends the waiting for a fetch that does not listen to it. */
function withDeadline(world: World, timeoutMs: number, callers: AbortSignal | undefined) {
  const stop = new AbortController();
  const timer = new AbortController();
  let passed = false;
  const stopped = new Promise<never>((_, reject) => stop.signal.addEventListener("abort", () => reject(stop.signal.reason), { once: true }));
  stopped.catch(() => {});
  const forward = () => stop.abort(callers!.reason);
  if (callers?.aborted === true) forward();
  callers?.addEventListener("abort", forward, { once: true });
  if (timeoutMs > 0) {
    const late = () => {
      passed = true;
      stop.abort();
    };
    world.sleep(timeoutMs, timer.signal).then(late, () => {});
  }
  return {
    signal: stop.signal,
    passed: () => passed,
    orStopped: <T>(work: Promise<T>): Promise<T> => {
      work.catch(() => {});
      return Promise.race([work, stopped]);
    },
    done: () => {
      timer.abort();
      callers?.removeEventListener("abort", forward);
    },
  };
}

/**
 * What platforms say when no connection came about, so that no byte of the request can have arrived: refused, unreachable,
 * no such host, certificate not accepted. Whatever is not recognised may have arrived.
 */
const noConnection =
  /ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|CONNECT_TIMEOUT|CERT|ERR_TLS|ERR_SSL|ConnectionRefused|FailedToOpenSocket|Connection refused|dns error|tcp connect error/i;

function neverLeft(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    const { code, errors } = error as { code?: unknown; errors?: unknown };
    if (noConnection.test(`${typeof code === "string" ? code : ""} ${error.message}`)) return true;
    if (Array.isArray(errors) && errors.length > 0) return errors.every(neverLeft);
  }
  return false;
}

const deepest = (thrown: unknown): string => {
  let error = thrown;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  return error instanceof Error ? error.message || String((error as { code?: unknown }).code ?? error.name) : "fetch failed";
};
