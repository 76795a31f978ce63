import { refuse } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { signInMethodOf } from "../sign-in/methods.ts";
import { showConsent } from "./consent.ts";
import { openTransaction } from "./open-transaction.ts";
import { refusalLocation } from "./redirect.ts";
import { emitRefusal, refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { isFormOfBrowser } from "./sign-in-screen.ts";

/** GET /oauth/sign-in: goes on with the transaction in the address; without one there is nothing to sign in to. */
export async function showSignIn(request: BrowserRequest, deps: Deps): Promise<Screen> {
  return request.form.get("transaction") === undefined
    ? refusalScreen(refuse("sign_in_without_request"), deps)
    : await showConsent(request, deps);
}

/** POST /oauth/sign-in: the form of the page where sign-in begins. */
export async function signIn(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const { form } = request;
  const opened = await openTransaction(form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { sealed, transaction, application } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const method = signInMethodOf(deps.config);
  const asked = { transaction, application, request };
  if (!isFormOfBrowser(request, sealed, deps)) {
    // Another page of this browser got its cookie later, or it keeps none: checks nothing, and shows the page again.
    emitRefusal(refuse("transaction_unknown"), application.id, deps.emit);
    return await method.begin(
      { ...asked, notice: request.cookies.browser === undefined ? "no_cookie" : "form_outdated" },
      deps,
    );
  }

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  return await method.answer({ ...asked, sealed }, deps);
}

/** GET /oauth/sign-in/return: a browser comes back from where the person signs in. */
export const comeBackFromSignIn = (request: BrowserRequest, deps: Deps): Promise<Screen> =>
  signInMethodOf(deps.config).comeBack(request, deps);
