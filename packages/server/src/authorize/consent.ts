import { refuse, type ResourceName } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { findVisitor } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { allow } from "./allow.ts";
import { consentScreen, isOurConsentForm, wasShownTo } from "./consent-screen.ts";
import { continueTransaction, mustSignInAgain } from "./continue.ts";
import { refusalLocation } from "./redirect.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { openTransaction } from "./transaction.ts";

/** GET /oauth/consent: where a transaction stands. */
export async function showConsent(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const opened = await openTransaction(request.form.get("transaction"), deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const visitor = await findVisitor(request.cookies.session, deps);
  return await continueTransaction(opened.value.transaction, opened.value.application, visitor, request, deps);
}

/**
 * POST /oauth/consent: the person's answer. What it decides about comes from the sealed transaction, never from the
 * form.
 */
export async function answerConsent(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const { form } = request;
  const sealed = form.get("transaction");
  const opened = await openTransaction(sealed, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { transaction, application } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const visitor = await findVisitor(request.cookies.session, deps);
  if (visitor === undefined || mustSignInAgain(transaction, visitor, deps))
    return { show: "next", transaction: sealed! };
  if (!isOurConsentForm(visitor, sealed!, form.get("csrf"), deps)) {
    // Of an earlier session of the same person: it grants nothing, and is shown once more.
    if (wasShownTo(visitor, sealed!, form.get("csrf"), deps)) return { show: "next", transaction: sealed! };
    return refusalScreen(refuse("transaction_unknown"), deps);
  }

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id, account: visitor.account.id });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  if (form.get("decision") !== "allow") return consentScreen(transaction, application, visitor, deps);
  const resource = chosenResource(visitor.account, form.resources);
  if (resource === undefined) return consentScreen(transaction, application, visitor, deps, "choose_resource");
  return await allow(transaction, application, visitor, resource, deps);
}

/** null: the account has nothing to pick from. undefined: it has, and nothing of it was picked. */
function chosenResource({ resources }: Account, picked: readonly string[]): ResourceName | null | undefined {
  if (resources.length <= 1) return resources[0]?.name ?? null;
  return picked.length === 1 ? resources.find(({ name }) => name === picked[0])?.name : undefined;
}
