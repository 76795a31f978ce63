import { refuse, type ResourceName } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { findSignedInUser } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { allow } from "./allow.ts";
import { consentScreen, isFormOfAccount, isFormOfSession } from "./consent-screen.ts";
import { continueTransaction, mustSignInAgain } from "./continue.ts";
import { refusalLocation } from "./redirect.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { openTransaction } from "./transaction.ts";

/** GET /oauth/consent: shows what the transaction needs next. */
export async function showConsent(
  request: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
): Promise<Screen> {
  const opened = await openTransaction(request.form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const user = await findSignedInUser(request.cookies.session, deps);
  return await continueTransaction(opened.value.transaction, opened.value.application, user, request, deps);
}

/** POST /oauth/consent: the user's answer. The request itself comes from the sealed transaction, not from the form. */
export async function answerConsent(
  request: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
): Promise<Screen> {
  const { form } = request;
  const opened = await openTransaction(form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { sealed, transaction, application } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const user = await findSignedInUser(request.cookies.session, deps);
  if (user === undefined || mustSignInAgain(transaction, user, deps)) return { show: "next", transaction: sealed };
  if (!isFormOfSession(user, sealed, form.get("csrf"), deps)) {
    // A form of an earlier session of the same user grants nothing, and is shown once more.
    return isFormOfAccount(user, sealed, form.get("csrf"), deps)
      ? { show: "next", transaction: sealed }
      : refusalScreen(refuse("transaction_unknown"), deps);
  }

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id, account: user.account.id });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  if (form.get("decision") !== "allow") return consentScreen(transaction, application, user, deps);
  const resource = chosenResource(user.account, form.resources);
  if (resource === undefined) return consentScreen(transaction, application, user, deps, "choose_resource");
  return await allow(transaction, application, user, resource, deps);
}

/** `null`: the account has no resources. `undefined`: it has several, and the form names none of them. */
function chosenResource({ resources }: Account, chosen: readonly string[]): ResourceName | null | undefined {
  if (resources.length <= 1) return resources[0]?.name ?? null;
  return chosen.length === 1 ? resources.find(({ name }) => name === chosen[0])?.name : undefined;
}
