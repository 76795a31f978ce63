import { refuse } from "@symbolon/protocol";
import { findSignedInUser, nameOfSession, startExternalSession, type SignedInUser } from "../accounts/session.ts";
import { allow } from "../authorize/allow.ts";
import { refusalLocation } from "../authorize/redirect.ts";
import { refusalScreen, type Screen } from "../authorize/screen.ts";
import { sealTransaction } from "../authorize/transaction.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { CheckedCompletion } from "./completion.ts";
import type { SignInRequest } from "./method.ts";

/**
 * Signs the person in to this browser, under a new session, and goes on: to the consent page of this server, or with
 * the answer that the person gave elsewhere. Refuses a suspended subject. `claim` gets the name of the session and says
 * whether this is the first time; if not, no session begins and the answer is `undefined`.
 */
export async function finishSignIn(
  asked: SignInRequest,
  { owner, person, consent }: CheckedCompletion,
  deps: Deps,
  claim: (session: string) => Promise<boolean> = async () => true,
): Promise<Screen | undefined> {
  const { suspendedAt } = await deps.store.subjects.find(owner);
  if (suspendedAt !== null)
    return refusalScreen({ ...refuse("subject_suspended"), client: asked.application.id }, deps);
  const { cookie, session } = await startExternalSession(owner, person, deps);
  if (!(await claim(nameOfSession(session)))) {
    await deps.store.sessions.delete(session.digest);
    return undefined;
  }
  const earlier = await findSignedInUser(asked.request.cookies.session, deps);
  if (earlier !== undefined) await deps.store.sessions.delete(earlier.session.digest);
  deps.emit({ name: "account.signed_in", account: owner });
  const user = { owner, name: person.name, resources: person.resources, session };
  return { ...(await continueSignedIn(asked, user, consent, deps)), cookies: { session: cookie } };
}

/** Goes on as the signed-in person; may be repeated. */
export async function continueSignedIn(
  { transaction, application }: SignInRequest,
  user: SignedInUser,
  consent: CheckedCompletion["consent"],
  deps: Deps,
): Promise<Screen> {
  const signedIn = { ...transaction, startedAt: nowOf(deps.clock), signedInBy: nameOfSession(user.session) };
  if (consent === undefined) return { show: "next", transaction: sealTransaction(signedIn, deps) };
  if (consent.allows)
    return await allow({ ...signedIn, scope: consent.scope }, application, user, consent.resource, deps);
  deps.emit({ name: "authorize.denied", client: application.id, account: user.owner });
  return { show: "redirect", location: refusalLocation(transaction, { reason: "denied_by_owner" }, deps.config) };
}
