import { refuse } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { findVisitor, nameOfSession, startSession } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { isOurConsentForm } from "./consent-screen.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { isOurSignInForm, signInScreen } from "./sign-in-screen.ts";
import { openTransaction, sealTransaction } from "./transaction.ts";

/** POST /oauth/sign-in: e-mail and password, then on to consent. */
export async function signIn(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const { form, cookies } = request;
  const sealed = form.get("transaction");
  const opened = await openTransaction(sealed, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { transaction, application } = opened.value;
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  if (!isOurSignInForm(request, sealed!, deps)) return refusalScreen(refuse("transaction_unknown"), deps);

  const typed = form.get("email") ?? "";
  const attempt = await tryPassword(typed, form.get("password") ?? "", request.network, deps);
  if ("problem" in attempt)
    return signInScreen(transaction, application, request, deps, { email: typed.slice(0, 254), ...attempt });

  const earlier = await findVisitor(cookies.session, deps);
  if (earlier !== undefined) await deps.store.sessions.delete(earlier.session.digest);
  const { cookie, session } = await startSession(attempt.account, deps);
  deps.emit({ name: "account.signed_in", account: attempt.account.id });
  const next = sealTransaction({ ...transaction, signedInBy: nameOfSession(session) }, deps);
  return { show: "next", transaction: next, cookies: { session: cookie } };
}

/** POST /oauth/sign-out: ends the session and shows the sign-in page of the same transaction. */
export async function signOut(request: BrowserRequest, deps: Deps): Promise<Screen> {
  const sealed = request.form.get("transaction");
  const opened = await openTransaction(sealed, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const visitor = await findVisitor(request.cookies.session, deps);
  if (visitor !== undefined && !isOurConsentForm(visitor, sealed!, request.form.get("csrf"), deps))
    return refusalScreen(refuse("transaction_unknown"), deps);
  if (visitor !== undefined) await deps.store.sessions.delete(visitor.session.digest);
  return { show: "next", transaction: sealed!, cookies: { session: null } };
}

type Attempt =
  | { account: Account }
  | { problem: "wrong_credentials" | "too_many_attempts" | "busy"; retryAfterSeconds?: number };

/**
 * Known and unknown accounts cost the same time and hear the same words (WB-12). Failures count per account, and more
 * tightly per account and network, so that guessing from elsewhere does not shut the owner out (OP-03).
 */
async function tryPassword(typed: string, password: string, network: string, deps: Deps): Promise<Attempt> {
  const email = normaliseEmail(typed);
  const account = email === undefined ? undefined : await deps.store.accounts.findByEmail(email);
  const key = email ?? "";
  const hereKey = `${key}\0${network}`;
  const waitOf = () =>
    Math.max(deps.limiter.peek("sign_in_failures", key), deps.limiter.peek("sign_in_failures_here", hereKey));
  const tooFast = (wait: number) =>
    failed("account_too_fast", { problem: "too_many_attempts", retryAfterSeconds: wait }, deps);
  const waitBefore = waitOf();
  if (waitBefore > 0) return tooFast(waitBefore);
  const fits = await deps.passwords.verify(account, password.slice(0, 1024));
  if (fits === "busy") return failed("sign_in_busy", { problem: "busy", retryAfterSeconds: 5 }, deps);
  const waitAfter = waitOf(); // guesses that were checked side by side do not each hear their answer
  if (waitAfter > 0) return tooFast(waitAfter);
  if (fits && account?.suspendedAt === null) return { account };
  deps.limiter.take("sign_in_failures", key);
  deps.limiter.take("sign_in_failures_here", hereKey);
  return failed(fits ? "suspended" : "wrong_credentials", { problem: "wrong_credentials" }, deps);
}

function failed(
  reason: "wrong_credentials" | "account_too_fast" | "sign_in_busy" | "suspended",
  attempt: Attempt,
  deps: Deps,
): Attempt {
  deps.emit({ name: "account.sign_in_failed", reason });
  return attempt;
}
