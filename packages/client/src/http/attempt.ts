import { failure, failureWithResponse, invalidResponse } from "../errors/failures.ts";
import { ok, type Failure, type Result } from "../result.ts";
import type { World } from "../world.ts";
import { describeThrown, mask } from "./masks.ts";
import type { HttpResponse, PreparedRequest } from "./prepared-request.ts";
import { readBody } from "./read-body.ts";

/** A request with all its headers. */
export type OutgoingAttempt = Omit<PreparedRequest, "headers"> & { headers: Headers };

/** Options of `attempt`; a `timeoutMs` of 0 means no limit. */
export type AttemptOptions = { fetch: typeof fetch; world: World; timeoutMs: number; signal: AbortSignal | undefined };

/**
 * Sends the request once and reads the whole response, or says why there is none. Redirects are not followed.
 * @see MX-06, MX-08
 */
export async function attempt(
  request: OutgoingAttempt,
  { fetch: sendRequest, world, timeoutMs, signal }: AttemptOptions,
): Promise<Result<HttpResponse>> {
  const { method, url, headers, body } = request;
  const startedAtMs = world.epochMs();
  const stop = new AbortController();
  const timer = new AbortController();
  const end = () => stop.abort();
  signal?.addEventListener("abort", end);
  if (timeoutMs > 0) world.sleep(timeoutMs, timer.signal).then(end, () => {});
  try {
    // A caller's own fetch may ignore the signal, so the call is also raced against it.
    const stopped = new Promise<never>((_, reject) => stop.signal.addEventListener("abort", reject));
    const [response, text] = await Promise.race([
      stopped,
      (async () => {
        const response = await sendRequest(url, {
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
    const received: HttpResponse = {
      status: response.status,
      headers: response.headers,
      body: text ?? "",
      startedAtMs,
      endedAtMs: world.epochMs(),
    };
    // Browsers report every redirect as status 0.
    if (/^(?:0|3..)$/.test(String(received.status)))
      return failureWithResponse(request, received, "redirect_refused", "unknown");
    return text === undefined ? invalidResponse(request, received, undefined, "is over 1 MiB") : ok(received);
  } catch (thrown) {
    if (signal?.aborted === true) return failure(request, "aborted", "unknown");
    if (stop.signal.aborted) return failure(request, "timeout", "unknown", { message: `after ${timeoutMs} ms` });
    return connectionFailure(request, thrown);
  } finally {
    timer.abort();
    signal?.removeEventListener("abort", end);
  }
}

/** The cause is a masked copy: the original may hold the request with its headers. */
function connectionFailure(request: OutgoingAttempt, thrown: unknown): Failure {
  const description = describeThrown(thrown);
  const cause = new Error(mask(description, request.secrets));
  return failure(request, "connection", noConnection.test(description) ? "not_processed" : "unknown", {
    cause,
    message: cause.message,
  });
}

/**
 * What platforms report when no connection was made, so that no byte of the request was sent: refused, unreachable, no
 * such host, certificate rejected. With any other error the request may have arrived. Matched case-sensitively, because
 * the message may quote a host name that contains one of these words.
 */
const noConnection =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|connect E\w+UNREACH|CONNECT_TIMEOUT|CERT_|_CERT|Connection ?[Rr]efused|FailedToOpen|\(Connect\)/;
