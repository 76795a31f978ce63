import type { Application } from "../application.ts";
import { called } from "../arguments.ts";
import { beginAuthorization, type BeginAuthorizationRequest } from "../authorize/begin.ts";
import { claimInMemory } from "../authorize/claim.ts";
import { finishAuthorization } from "../authorize/finish.ts";
import { newTransactionKey } from "../authorize/transaction.ts";
import { platformWorld } from "../edge.ts";
import { isClientError } from "../errors/client-error.ts";
import { invalid, type Called } from "../http/exchange.ts";
import { told } from "../http/masks.ts";
import type { Result } from "../result.ts";
import type { Tokens } from "../token/tokens.ts";
import { listenOnLoopback, type LoopbackOptions } from "./listener-edge.ts";

export type LoopbackSignIn<Scope extends string = string> = Omit<
  BeginAuthorizationRequest<Scope>,
  "redirectUri" | "transactionKey" | "boundTo"
> &
  LoopbackOptions & {
    /** Shows the address to the person: with `openBrowser`, and where that answers false, by printing it. */
    show(url: string): unknown;
    signal?: AbortSignal;
  };

/**
 * Signs a person in from a program on their own machine: listen, show, wait, exchange. What cannot be used (a port that
 * somebody else has, a `show` that throws) is `invalid_request` with its name. @see RFC 8252 §4.1, MX-10
 */
export async function signInOnLoopback<Scope extends string>(
  app: Application<Scope>,
  request: LoopbackSignIn<Scope>,
): Promise<Result<Tokens>> {
  request = { ...request };
  const { show, signal, port, path, timeoutMs, world = app.world ?? platformWorld, ...asked } = request;
  const by = called(app, "signInOnLoopback");
  if (typeof show !== "function") return invalid(by, "show", "must be a function");
  if (signal !== undefined && !(signal instanceof AbortSignal)) return invalid(by, "signal", "must be an AbortSignal");
  const stop = new AbortController();
  try {
    await using listener = await listenOnLoopback({ port, path, timeoutMs, world });
    const transactionKey = newTransactionKey(world);
    const begun = await beginAuthorization(app, { ...asked, redirectUri: listener.redirectUri, transactionKey });
    if (!begun.ok) return begun;
    const { url, state, transaction } = begun.value;
    const coming = listener.callback(state, AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]));
    // What shows the address may take as long as the browser is open; it is not waited for.
    const callback = await Promise.race([coming, failureToShow(show, url, by)]);
    const { clientId, baseUrl } = asked;
    return await finishAuthorization(app, {
      clientId,
      baseUrl,
      callback,
      transaction,
      transactionKey,
      claim: claimInMemory(world),
      signal,
    });
  } catch (error) {
    if (isClientError(error)) return { ok: false, error };
    throw error;
  } finally {
    stop.abort();
  }
}

/** Rejects where the address could not be shown; never resolves. */
const failureToShow = (show: (url: string) => unknown, url: string, by: Called): Promise<never> =>
  new Promise((_, reject) => {
    const failed = (thrown: unknown) => reject(invalid(by, "show", `threw: ${told(thrown)}`).error);
    void (async () => await show(url))().catch(failed);
  });
