import type { Application } from "../application.ts";
import type { AuthorizationParameters } from "../authorize/authorization-url.ts";
import { beginAuthorization } from "../authorize/begin.ts";
import { claimInMemory } from "../authorize/claim.ts";
import { finishAuthorization } from "../authorize/finish.ts";
import { newTransactionKey } from "../authorize/transaction.ts";
import { errorSource } from "../check-arguments.ts";
import { platformWorld } from "../edge.ts";
import { isClientError, type ErrorSource } from "../errors/client-error.ts";
import { invalidRequest } from "../errors/failures.ts";
import { describeThrown } from "../http/masks.ts";
import type { Result } from "../result.ts";
import type { Tokens } from "../token/tokens.ts";
import { listenOnLoopback, type LoopbackOptions } from "./listener-edge.ts";

/** Arguments of `signInOnLoopback`. */
export type LoopbackSignIn<Scope extends string = string> = AuthorizationParameters<Scope> &
  LoopbackOptions & {
    /** Shows the URL to the user: call `openBrowser`, and print the URL if that returns false. */
    show(url: string): unknown;
    /** Ends the sign-in with `aborted`. */
    signal?: AbortSignal | undefined;
  };

/**
 * Signs a user in from a program on their own machine: listens on a loopback port, shows the authorization URL, waits
 * for the redirect, and exchanges the code. Fails with `invalid_request` if the port is in use or `show` throws, and
 * with `timeout`, `aborted`, or any error of `finishAuthorization`.
 * @see RFC 8252 §4.1, MX-10
 */
export async function signInOnLoopback<Scope extends string>(
  app: Application<Scope>,
  request: LoopbackSignIn<Scope>,
): Promise<Result<Tokens>> {
  request = { ...request };
  const source = errorSource(app, "signInOnLoopback");
  const { show, signal, port, path, timeoutMs, world = app.world ?? platformWorld, ...authorization } = request;
  if (typeof show !== "function") return invalidRequest(source, "show", "must be a function");
  if (signal !== undefined && !(signal instanceof AbortSignal))
    return invalidRequest(source, "signal", "must be an AbortSignal");
  const stop = new AbortController();
  try {
    await using listener = await listenOnLoopback({ port, path, timeoutMs, world });
    const { redirectUri } = listener;
    const transactionKey = newTransactionKey(world);
    const begun = await beginAuthorization(app, { ...authorization, redirectUri, transactionKey });
    if (!begun.ok) return begun;
    const { url, state, transaction } = begun.value;
    const redirect = listener.callback(state, AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]));
    // `show` may run for as long as the browser is open, so only its failure is awaited.
    const callback = await Promise.race([redirect, failureToShow(show, url, source)]);
    const { clientId, baseUrl } = authorization;
    const claim = claimInMemory(world);
    return await finishAuthorization(app, { clientId, baseUrl, callback, transaction, transactionKey, claim, signal });
  } catch (error) {
    if (isClientError(error)) return { ok: false, error };
    throw error;
  } finally {
    stop.abort();
  }
}

/** Rejects if `show` throws or rejects; never resolves. */
const failureToShow = (show: (url: string) => unknown, url: string, source: ErrorSource): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (thrown: unknown) => reject(invalidRequest(source, "show", `threw: ${describeThrown(thrown)}`).error);
    void (async () => await show(url))().catch(fail);
  });
