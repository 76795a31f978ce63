import { refuse, type ResourceName } from "@symbolon/protocol";
import { findSignedInUser, type SignedInUser } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import type { ConsentView } from "../views.ts";
import { allow } from "./allow.ts";
import { consentScreen, isFormOfSession } from "./consent-screen.ts";
import { continueTransaction, mustSignInAgain } from "./continue.ts";
import { openTransaction } from "./open-transaction.ts";
import { refusalLocation } from "./redirect.ts";
import { emitRefusal, refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";

/** GET /oauth/consent: shows what the transaction needs next. */
export async function showConsent(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const opened = await openTransaction(request.form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { transaction, application, isExpired } = opened.value;
  const user = await findSignedInUser(request.cookies.session, deps);
  return await continueTransaction(transaction, application, user, request, deps, isExpired ? "expired" : undefined);
}

/** POST /oauth/consent: the user's answer. The request itself comes from the sealed transaction, not from the form. */
export async function answerConsent(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const { form } = request;
  const opened = await openTransaction(form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { sealed, transaction, application, isExpired } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const user = await findSignedInUser(request.cookies.session, deps);
  if (user === undefined || mustSignInAgain(transaction, user, deps)) return { show: "next", transaction: sealed };
  const askAgain = (problem?: ConsentView["problem"]) =>
    consentScreen(transaction, application, user, deps, { problem, chosen: form.resources[0] });
  if (!isFormOfSession(user, sealed, form.get("csrf"), deps)) {
    // The user has signed in again, perhaps with another account: grants nothing, and shows who is signed in now.
    emitRefusal(refuse("transaction_unknown"), application.id, deps.emit);
    return askAgain("form_outdated");
  }

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id, account: user.owner });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  if (isExpired) return askAgain("expired");
  if (form.get("decision") !== "allow") return askAgain();
  const resource = chosenResource(user, form.resources);
  if (resource === undefined) return askAgain("choose_resource");
  return await allow(transaction, application, user, resource, deps);
}

/** `null`: the person has no resources. `undefined`: it has several, and the form names none of them. */
function chosenResource({ resources }: SignedInUser, chosen: readonly string[]): ResourceName | null | undefined {
  if (resources.length <= 1) return resources[0]?.name ?? null;
  return chosen.length === 1 ? resources.find(({ name }) => name === chosen[0])?.name : undefined;
}
