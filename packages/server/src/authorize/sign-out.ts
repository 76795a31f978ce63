import { refuse } from "@symbolon/protocol";
import { findSignedInUser, nameOfSession, type SignedInUser } from "../accounts/session.ts";
import type { Deps } from "../deps.ts";
import { isFormOfSession } from "./consent-screen.ts";
import { openTransaction } from "./open-transaction.ts";
import { sealTransaction } from "./transaction.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";

/** GET /oauth/sign-out: who is signed in, and a button that ends the session. Needs no authorization request. */
export async function showSignOut(
  { cookies }: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "keyring" | "store">,
): Promise<Screen> {
  const user = await findSignedInUser(cookies.session, deps);
  return {
    show: "sign-out",
    email: user?.name,
    csrf: user === undefined ? "" : deps.keyring.seal("csrf", csrfMessage(user)),
  };
}

/**
 * POST /oauth/sign-out: ends the session. With a transaction, from the consent page, it goes on to the sign-in page of
 * the same request, for another account.
 */
export async function signOut(
  request: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "store">,
): Promise<Screen> {
  if (request.form.get("transaction") !== undefined) return await switchAccount(request, deps);
  if (!request.isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const user = await findSignedInUser(request.cookies.session, deps);
  // A form of another session ends nothing: the page shows who is signed in now.
  if (user === undefined || !deps.keyring.isSealed("csrf", csrfMessage(user), request.form.get("csrf") ?? ""))
    return await showSignOut(request, deps);
  await deps.store.sessions.delete(user.session.digest);
  return { show: "signed-out", cookies: { session: null } };
}

async function switchAccount(
  { form, cookies, isSameOrigin }: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "store">,
): Promise<Screen> {
  const opened = await openTransaction(form, deps);
  if (!opened.ok) return refusalScreen(opened, deps);
  const { sealed, transaction } = opened.value;
  if (!isSameOrigin) return refusalScreen(refuse("cross_site_form"), deps);
  const user = await findSignedInUser(cookies.session, deps);
  // A form of another session ends nothing: the consent page shows who is signed in now.
  if (user !== undefined && !isFormOfSession(user, sealed, form.get("csrf"), deps))
    return { show: "next", transaction: sealed };
  if (user !== undefined) await deps.store.sessions.delete(user.session.digest);
  // Where people sign in elsewhere, they would come back signed in as the same person.
  const others = transaction.prompt.filter((word) => word !== "select_account");
  const next = sealTransaction({ ...transaction, prompt: [...others, "select_account"] }, deps);
  return { show: "next", transaction: next, cookies: { session: null } };
}

const csrfMessage = ({ session, owner }: SignedInUser): string => `sign-out\0${nameOfSession(session)}\0${owner}`;
