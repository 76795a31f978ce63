import type { Application } from "../application.ts";
import { beginAuthorization, type BeginAuthorizationRequest } from "../authorize/begin.ts";
import { claimInMemory } from "../authorize/claim.ts";
import { finishAuthorization } from "../authorize/finish.ts";
import { newTransactionKey } from "../authorize/transaction.ts";
import { platformWorld } from "../edge.ts";
import { isClientError } from "../errors/client-error.ts";
import type { Result } from "../result.ts";
import type { Tokens } from "../token/tokens.ts";
import { listenOnLoopback, type LoopbackOptions } from "./listener-edge.ts";

export type LoopbackSignIn<Scope extends string = string> = Omit<BeginAuthorizationRequest<Scope>, "redirectUri" | "transactionKey" | "boundTo"> &
  LoopbackOptions & {
    /** Shows the address to the person: `openBrowser`, or print it. */
    show(url: string): unknown;
    signal?: AbortSignal;
  };

/** Signs a person in from a program on their own machine: listen, show, wait, exchange. @see RFC 8252 §4.1, MX-10 */
export async function signInOnLoopback<Scope extends string>(app: Application<Scope>, request: LoopbackSignIn<Scope>): Promise<Result<Tokens>> {
  const { show, signal, port, path, timeoutMs, world = app.world ?? platformWorld, ...asked } = request;
  await using listener = await listenOnLoopback({ port, path, timeoutMs, world });
  const transactionKey = newTransactionKey(world);
  const begun = await beginAuthorization(app, { ...asked, redirectUri: listener.redirectUri, transactionKey });
  if (!begun.ok) return begun;
  await show(begun.value.url);
  try {
    const callback = await listener.callback(begun.value.state, signal);
    return await finishAuthorization(app, { callback, transaction: begun.value.transaction, transactionKey, claim: claimInMemory(world), signal });
  } catch (error) {
    if (isClientError(error)) return { ok: false, error };
    throw error;
  }
}
