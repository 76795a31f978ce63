import { refuse, Sealed, type Password } from "@symbolon/protocol";
import { checkPassword } from "../accounts/check-password.ts";
import { rememberDevice } from "../accounts/known-device.ts";
import { findSignedInUser, nameOfSession, startSession } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { showConsent } from "./consent.ts";
import { openTransaction } from "./open-transaction.ts";
import { refusalLocation } from "./redirect.ts";
import { emitRefusal, refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { isFormOfBrowser, signInScreen } from "./sign-in-screen.ts";
import { sealTransaction } from "./transaction.ts";

/** GET /oauth/sign-in: goes on with the transaction in the address; without one there is nothing to sign in to. */
export async function showSignIn(
  request: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
): Promise<Screen> {
  return request.form.get("transaction") === undefined
    ? refusalScreen(refuse("sign_in_without_request"), deps)
    : await showConsent(request, deps);
}

/** POST /oauth/sign-in: checks e-mail address and password, starts a session, and leads to consent. */
export async function signIn(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const { form, cookies } = request;
  const opened = await openTransaction(form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { sealed, transaction, application } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const typedEmail = form.get("email") ?? "";
  if (!isFormOfBrowser(request, sealed, deps)) {
    // Another page of this browser got its cookie later, or it keeps none: checks nothing, and shows the page again.
    emitRefusal(refuse("transaction_unknown"), application.id, deps.emit);
    const problem = cookies.browser === undefined ? "no_cookie" : "form_outdated";
    return signInScreen(transaction, application, request, deps, { email: typedEmail.slice(0, 254), problem });
  }

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  const password: Password = new Sealed((form.get("password") ?? "").slice(0, longestPassword));
  const attempt = await checkPassword({ typedEmail, password, network: request.network, device: cookies.device }, deps);
  if ("problem" in attempt)
    return signInScreen(transaction, application, request, deps, { email: typedEmail.slice(0, 254), ...attempt });

  const earlier = await findSignedInUser(cookies.session, deps);
  if (earlier !== undefined) await deps.store.sessions.delete(earlier.session.digest);
  const { cookie, session } = await startSession(attempt.account, deps);
  const device = rememberDevice(attempt.account, cookies.device, deps);
  deps.emit({ name: "account.signed_in", account: attempt.account.id });
  const next = sealTransaction({ ...transaction, signedInBy: nameOfSession(session) }, deps);
  return { show: "next", transaction: next, cookies: { session: cookie, device } };
}

/** In UTF-16 code units. */
const longestPassword = 1024;
