import { ok, type Result } from "../result.ts";
import type { World } from "../world.ts";
import { failed, failedBy, unreadable, type Answer, type Exchange } from "./exchange.ts";
import { mask, told } from "./masks.ts";
import { readBody } from "./read-body.ts";

/** An exchange with all its headers. */
export type Outgoing = Omit<Exchange, "headers"> & { headers: Headers };

export type AttemptOptions = { fetch: typeof fetch; world: World; timeoutMs: number; signal: AbortSignal | undefined };

/**
 * Sends once and reads the answer to its end, or says why there is none. Redirects are not followed. @see MX-06, MX-08
 */
export async function attempt(
  exchange: Outgoing,
  { fetch: ask, world, timeoutMs, signal }: AttemptOptions,
): Promise<Result<Answer>> {
  const { method, url, headers, body, secrets } = exchange;
  const startedAtMs = world.epochMs();
  const stop = new AbortController();
  const timer = new AbortController();
  const end = () => stop.abort();
  signal?.addEventListener("abort", end);
  if (timeoutMs > 0) world.sleep(timeoutMs, timer.signal).then(end, () => {});
  try {
    // A fetch of the caller's need not listen to the signal; the race does.
    const stopped = new Promise<never>((_, reject) => stop.signal.addEventListener("abort", reject));
    const [response, text] = await Promise.race([
      stopped,
      (async () => {
        const response = await ask(url, {
          method,
          headers,
          body,
          redirect: "manual",
          credentials: "omit",
          cache: "no-store",
          referrerPolicy: "no-referrer",
          signal: stop.signal,
        });
        return [response, await readBody(response)] as const;
      })(),
    ]);
    const { status } = response;
    const answer: Answer = {
      status,
      headers: response.headers,
      body: text ?? "",
      startedAtMs,
      endedAtMs: world.epochMs(),
    };
    // To a page in a browser every redirect looks like status 0.
    if (/^(?:0|3..)$/.test(String(status))) return failedBy(exchange, answer, "redirect_refused", "unknown");
    return text === undefined ? unreadable(exchange, answer, undefined, "is over 1 MiB") : ok(answer);
  } catch (thrown) {
    if (signal?.aborted === true) return failed(exchange, "aborted", "unknown");
    if (stop.signal.aborted) return failed(exchange, "timeout", "unknown", { says: `after ${timeoutMs} ms` });
    // A copy, masked: the original may hold the request, and with it whatever was in its headers.
    const cause = new Error(mask(told(thrown), secrets));
    return failed(exchange, "connection", noConnection.test(told(thrown)) ? "not_processed" : "unknown", {
      cause,
      says: cause.message,
    });
  } finally {
    timer.abort();
    signal?.removeEventListener("abort", end);
  }
}

/**
 * What platforms say when no connection came about, so that no byte of the request can have arrived: refused,
 * unreachable, no such host, certificate not accepted. Whatever is not recognised may have arrived. Case counts: a
 * message may quote the address, and a host may be called like one of these.
 */
const noConnection =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connect E\w+UNREACH|CONNECT_TIMEOUT|CERT_|_CERT|Connection ?[Rr]efused|FailedToOpen|\(Connect\)/;
