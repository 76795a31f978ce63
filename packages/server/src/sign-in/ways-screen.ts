import type { BrowserCookie } from "@symbolon/protocol";
import { csrfOfBrowser, newBrowserCookie } from "../authorize/sign-in-screen.ts";
import type { Screen } from "../authorize/screen.ts";
import { sealTransaction } from "../authorize/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SignInWaysView } from "../views.ts";
import type { SignInRequest } from "./method.ts";

/**
 * The page that leads to where the person signs in: the choice where there are several, and the way on where a sign-in
 * was interrupted. Its form works only in this browser, as that of the sign-in page.
 */
export function waysScreen(
  { transaction, application, request }: SignInRequest,
  ways: SignInWaysView["ways"],
  problem: SignInWaysView["problem"],
  deps: Pick<Deps, "keyring" | "random">,
): Screen {
  const browser = request.cookies.browser ?? newBrowserCookie(deps);
  const sealed = sealTransaction(transaction, deps);
  return {
    show: "sign-in-ways",
    status: problem === undefined ? 200 : statuses[problem],
    ...(request.cookies.browser === undefined ? { cookies: { browser } } : {}),
    hidden: { transaction: sealed, csrf: csrfOfBrowser(browser, sealed, deps) },
    view: { applicationName: application.name, ways, ...(problem === undefined ? {} : { problem }) },
  };
}

const statuses: Record<NonNullable<SignInWaysView["problem"]>, number> = {
  not_completed: 400,
  expired: 200,
  used: 409,
  form_outdated: 403,
  no_cookie: 403,
  not_reached: 503,
  failed: 502,
  not_allowed: 403,
};

/** The cookie of the browser, with the change that sets it where it is new. */
export function browserOf(
  { cookies }: SignInRequest["request"],
  deps: Pick<Deps, "random">,
): { browser: BrowserCookie; set: { cookies?: { browser: BrowserCookie } } } {
  if (cookies.browser !== undefined) return { browser: cookies.browser, set: {} };
  const browser = newBrowserCookie(deps);
  return { browser, set: { cookies: { browser } } };
}
