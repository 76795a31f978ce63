import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import type { SignInView } from "../views.ts";
import type { BrowserRequest, Screen } from "./screen.ts";
import { sealTransaction, type Transaction } from "./transaction.ts";

type Attempt = { email: string; problem?: SignInView["problem"]; retryAfterSeconds?: number };

/**
 * The sign-in page. Its form works only in the browser that it was shown to: a cookie of its own goes into the CSRF
 * value.
 */
export function signInScreen(
  transaction: Transaction,
  application: Application,
  request: BrowserRequest,
  deps: Deps,
  attempt: Attempt,
): Screen {
  const browser = request.cookies.browser ?? newBrowserCookie(deps);
  const sealed = sealTransaction(transaction, deps);
  const { problem, retryAfterSeconds } = attempt;
  return {
    show: "sign-in",
    status: statusFor(problem),
    redirectUri: transaction.redirectUri,
    ...(request.cookies.browser === undefined ? { cookies: { browser } } : {}),
    hidden: { transaction: sealed, csrf: deps.keyring.seal("csrf", formMessage(browser, sealed)) },
    view: {
      applicationName: application.name,
      email: attempt.email,
      ...(problem === undefined ? {} : { problem }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  };
}

/** Whether a posted form is the one that this browser was shown (WB-02). */
export function isOurSignInForm({ form, cookies }: BrowserRequest, sealed: string, deps: Deps): boolean {
  return (
    cookies.browser !== undefined &&
    deps.keyring.isSealed("csrf", formMessage(cookies.browser, sealed), form.get("csrf") ?? "")
  );
}

const formMessage = (browser: string, sealed: string): string => `sign-in\0${browser}\0${sealed}`;

const newBrowserCookie = (deps: Deps): string => Buffer.from(deps.random(24)).toString("base64url");

function statusFor(problem: SignInView["problem"]): number {
  if (problem === undefined) return 200;
  return problem === "too_many_attempts" || problem === "busy" ? 429 : 400;
}
