import {
  matchRedirectUri,
  ok,
  parseForm,
  refuse,
  Sealed,
  type Form,
  type Result,
  type SealedTransaction,
} from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { readAuthorizationRequest, type RequestRefusal } from "./request.ts";
import { unsealTransaction, type Transaction } from "./transaction.ts";

export type OpenedTransaction = {
  /** As the form or query had it. */
  sealed: SealedTransaction;
  transaction: Transaction;
  application: Application;
  /** The page was open for too long. `transaction` is the same request, validated anew. */
  isExpired: boolean;
};

/**
 * Opens the transaction of a form or query, and checks its client again: the registration may have changed. Refuses a
 * transaction that is forged or altered. One that has expired begins anew, as the link to the authorization endpoint
 * would; it forgets a sign-in that was made for it.
 */
export async function openTransaction(
  form: Form,
  deps: Pick<Deps, "clock" | "config" | "keyring" | "store">,
): Promise<{ ok: true; value: OpenedTransaction } | RequestRefusal> {
  const sealed: SealedTransaction = new Sealed(form.get("transaction") ?? "");
  const transaction = unsealTransaction(sealed, deps);
  if (transaction === undefined) return refuse("transaction_unknown");
  if (nowOf(deps.clock) >= transaction.startedAt + deps.config.lifetimes.transaction) {
    const request = requestOf(transaction);
    const again = request.ok ? await readAuthorizationRequest(request.value, deps) : request;
    return again.ok ? ok({ ...again, sealed, isExpired: true }) : again;
  }
  const application = await checkClient(transaction, deps);
  return application.ok ? ok({ sealed, transaction, application: application.value, isExpired: false }) : application;
}

/** The application of a transaction that is under way, as it is registered now. */
export async function checkClient(
  transaction: Transaction,
  { store }: Pick<Deps, "store">,
): Promise<{ ok: true; value: Application } | RequestRefusal> {
  const application = await store.applications.find(transaction.client);
  if (application === undefined || application.suspendedAt !== null) return refuse("client_unknown_at_authorize");
  if (!matchRedirectUri(application.redirectUris, transaction.redirectUri)) return refuse("redirect_uri_unregistered");
  return ok(application);
}

/** The parameters of the authorization request that a transaction came from. */
function requestOf(transaction: Transaction): Result<Form> {
  const { client, redirectUri, state, scope, audiences, challenge, prompt, maxAgeSeconds, ...others } = transaction;
  const {
    loginHint,
    resourceHint,
    acrValues,
    uiLocales,
    startedAt: _startedAt,
    signedInBy: _signedInBy,
    ...forgotten
  } = others;
  forgotten satisfies Record<string, never>; // a new parameter has to be sent again, too
  const parameters = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: redirectUri,
    scope: scope.join(" "),
    code_challenge: challenge,
    code_challenge_method: "S256",
    prompt: prompt.join(" "),
    login_hint: loginHint,
    resource_hint: resourceHint,
    ui_locales: uiLocales.join(" "),
    acr_values: acrValues.join(" "),
    ...(state === null ? {} : { state }),
    ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
  });
  for (const audience of audiences) parameters.append("resource", audience);
  return parseForm(parameters.toString());
}
