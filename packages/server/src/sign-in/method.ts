import type { SealedTransaction } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import type { BrowserRequest, Screen } from "../authorize/screen.ts";
import type { Transaction } from "../authorize/transaction.ts";
import type { Deps } from "../deps.ts";

/** One way in which people sign in: who is this, and what may they give? */
export type SignInMethod = {
  /** The page to sign in on, or the redirect to where the person signs in. */
  begin(asked: SignInRequest, deps: Deps): Promise<Screen>;
  /** The form of a page that `begin` showed, posted from this browser. */
  answer(asked: SignInRequest & { sealed: SealedTransaction }, deps: Deps): Promise<Screen>;
  /** The browser comes back from where `begin` sent it. */
  comeBack(request: BrowserRequest, deps: Deps): Promise<Screen>;
};

/** A person who has to sign in for the request of an application. */
export type SignInRequest = {
  transaction: Transaction;
  application: Application;
  request: BrowserRequest;
  /**
   * `expired`: the page before was open for too long. `sign_in_again`: a user is signed in, but must prove it anew.
   * `form_outdated`, `no_cookie`: the posted form is not one that was shown to this browser, and nothing was checked.
   */
  notice?: "expired" | "sign_in_again" | "form_outdated" | "no_cookie" | undefined;
};
