import { Sealed, type BrowserCookie, type SealedTransaction } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import type { SignInView } from "../views.ts";
import type { BrowserRequest, Screen } from "./screen.ts";
import { sealTransaction, type Transaction } from "./transaction.ts";

type Attempt = { email: string; problem?: SignInView["problem"] | undefined; retryAfterSeconds?: number };

/** The sign-in page. Its form works only in the browser that it was shown to: a cookie goes into the CSRF value. */
export function signInScreen(
  transaction: Transaction,
  application: Application,
  request: BrowserRequest,
  deps: Pick<Deps, "keyring" | "random">,
  { email, problem, retryAfterSeconds }: Attempt,
): Screen {
  const browser = request.cookies.browser ?? newBrowserCookie(deps);
  const sealed = sealTransaction(transaction, deps);
  return {
    show: "sign-in",
    status: statusFor(problem),
    ...(request.cookies.browser === undefined ? { cookies: { browser } } : {}),
    hidden: { transaction: sealed, csrf: csrfOfBrowser(browser, sealed, deps) },
    view: {
      applicationName: application.name,
      email,
      ...(problem === undefined ? {} : { problem }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  };
}

/** Whether a posted form was shown to this browser (WB-02). */
export function isFormOfBrowser(
  { form, cookies }: BrowserRequest,
  sealed: SealedTransaction,
  { keyring }: Pick<Deps, "keyring">,
): boolean {
  return (
    cookies.browser !== undefined &&
    keyring.isSealed("csrf", csrfMessage(cookies.browser, sealed), form.get("csrf") ?? "")
  );
}

/** Ties a form to the browser that it is shown to. */
export const csrfOfBrowser = (
  browser: BrowserCookie,
  sealed: SealedTransaction,
  { keyring }: Pick<Deps, "keyring">,
): string => keyring.seal("csrf", csrfMessage(browser, sealed));

const csrfMessage = (browser: BrowserCookie, sealed: SealedTransaction): string =>
  `sign-in\0${browser.reveal()}\0${sealed.reveal()}`;

export const newBrowserCookie = ({ random }: Pick<Deps, "random">): BrowserCookie =>
  new Sealed(Buffer.from(random(24)).toString("base64url"));

function statusFor(problem: SignInView["problem"]): number {
  if (problem === undefined || problem === "sign_in_again" || problem === "expired") return 200;
  if (problem === "form_outdated" || problem === "no_cookie") return 403;
  return problem === "too_many_attempts" || problem === "busy" ? 429 : 400;
}
