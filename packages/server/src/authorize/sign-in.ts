import { refuse, Sealed, type Password } from "@symbolon/protocol";
import type { Account } from "../accounts/account.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { findSignedInUser, nameOfSession, startSession } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import type { SignInFailure } from "../events.ts";
import { showConsent } from "./consent.ts";
import { refusalLocation } from "./redirect.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { isFormOfBrowser, signInScreen } from "./sign-in-screen.ts";
import { openTransaction, sealTransaction } from "./transaction.ts";

/** GET /oauth/sign-in: goes on with the transaction in the address; without one there is nothing to sign in to. */
export async function showSignIn(request: BrowserRequest, deps: Parameters<typeof showConsent>[1]): Promise<Screen> {
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
  if (!isFormOfBrowser(request, sealed, deps)) return refusalScreen(refuse("transaction_unknown"), deps);

  if (form.get("decision") === "deny") {
    deps.emit({ name: "authorize.denied", client: application.id });
    return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
  }
  const typedEmail = form.get("email") ?? "";
  const password: Password = new Sealed((form.get("password") ?? "").slice(0, longestPassword));
  const attempt = await checkPassword(typedEmail, password, request.network, deps);
  if ("problem" in attempt)
    return signInScreen(transaction, application, request, deps, { email: typedEmail.slice(0, 254), ...attempt });

  const earlier = await findSignedInUser(cookies.session, deps);
  if (earlier !== undefined) await deps.store.sessions.delete(earlier.session.digest);
  const { cookie, session } = await startSession(attempt.account, deps);
  deps.emit({ name: "account.signed_in", account: attempt.account.id });
  const next = sealTransaction({ ...transaction, signedInBy: nameOfSession(session) }, deps);
  return { show: "next", transaction: next, cookies: { session: cookie } };
}

/** In UTF-16 code units. */
const longestPassword = 1024;

type Problem = "wrong_credentials" | "too_many_attempts" | "busy";
type Attempt = { account: Account } | { problem: Problem; retryAfterSeconds?: number };

/**
 * Takes the same time and gives the same answer for known and unknown accounts (WB-12). Failures count per account, and
 * more tightly per account and network, so that guesses from elsewhere do not lock the user out (OP-03).
 */
async function checkPassword(
  typedEmail: string,
  password: Password,
  network: string,
  { store, limiter, passwords, emit }: Pick<Deps, "store" | "limiter" | "passwords" | "emit">,
): Promise<Attempt> {
  const email = normaliseEmail(typedEmail);
  const account = email === undefined ? undefined : await store.accounts.findByEmail(email);
  const key = email ?? "";
  const keyHere = `${key}\0${network}`;
  const waitSeconds = () =>
    Math.max(limiter.peek("sign_in_failures", key), limiter.peek("sign_in_failures_here", keyHere));

  const fail = (reason: SignInFailure, problem: Problem, retryAfterSeconds?: number): Attempt => {
    emit({
      name: "account.sign_in_failed",
      reason,
      network,
      ...(account === undefined ? {} : { account: account.id }),
    });
    return { problem, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  };

  const waitBefore = waitSeconds();
  if (waitBefore > 0) return fail("account_too_fast", "too_many_attempts", waitBefore);
  const matches = await passwords.verify(account, password);
  if (matches === "busy") return fail("sign_in_busy", "busy", 5);
  const waitAfter = waitSeconds(); // of guesses that were checked at the same time, only the first few get an answer
  if (waitAfter > 0) return fail("account_too_fast", "too_many_attempts", waitAfter);
  if (matches && account?.suspendedAt === null) return { account };

  limiter.take("sign_in_failures", key);
  limiter.take("sign_in_failures_here", keyHere);
  return fail(matches ? "suspended" : "wrong_credentials", "wrong_credentials");
}
