import { covers, isLoopbackRedirect } from "@symbolon/protocol";
import { nameOfSession, type SignedInUser } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { hasExpired } from "../grants/grant.ts";
import { coversAudiences } from "../grants/variants.ts";
import { allow } from "./allow.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { consentScreen } from "./consent-screen.ts";
import { signInScreen } from "./sign-in-screen.ts";
import type { Transaction } from "./transaction.ts";

/** Shows what the transaction needs next: sign-in, consent, or neither, in which case it is granted. */
export async function continueTransaction(
  transaction: Transaction,
  application: Application,
  user: SignedInUser | undefined,
  request: BrowserRequest,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "random" | "store">,
  notice?: "expired",
): Promise<Screen> {
  const isSilent = transaction.prompt.includes("none");
  const refuseSilently = (reason: "login_required" | "consent_required") =>
    refusalScreen({ ok: false, reason, client: application.id, backTo: transaction }, deps);

  if (user === undefined || mustSignInAgain(transaction, user, deps)) {
    return isSilent
      ? refuseSilently("login_required")
      : signInScreen(transaction, application, request, deps, {
          email: transaction.loginHint,
          problem: notice ?? (user === undefined ? undefined : "sign_in_again"),
        });
  }
  if (await isConsentKnown(transaction, application, user, deps)) {
    return await allow(transaction, application, user, user.account.resources[0]?.name ?? null, deps);
  }
  return isSilent
    ? refuseSilently("consent_required")
    : consentScreen(transaction, application, user, deps, { problem: notice });
}

/** `prompt=login` and `max_age` apply to the whole transaction, consent included (AP-17). */
export function mustSignInAgain(
  transaction: Transaction,
  { session }: SignedInUser,
  { clock }: Pick<Deps, "clock">,
): boolean {
  const { prompt, maxAgeSeconds, signedInBy } = transaction;
  const asksForSignIn = prompt.includes("login") || prompt.includes("select_account");
  if (asksForSignIn && signedInBy !== nameOfSession(session)) return true;
  if (maxAgeSeconds === null || signedInBy === nameOfSession(session)) return false;
  return nowOf(clock) - session.authenticatedAt > maxAgeSeconds;
}

/**
 * Whether an active grant covers all that is asked, so that consent need not be asked again. Never if the user must
 * choose a resource, and never for a public application that another program can impersonate (RFC 8252 §8.6).
 */
async function isConsentKnown(
  transaction: Transaction,
  application: Application,
  { account }: SignedInUser,
  { clock, store }: Pick<Deps, "clock" | "store">,
): Promise<boolean> {
  if (transaction.prompt.includes("consent") || account.resources.length > 1) return false;
  if (application.type === "public" && canBeImpersonated(transaction.redirectUri)) return false;
  const resource = account.resources[0]?.name ?? null;
  const now = nowOf(clock);
  const grants = await store.grants.list({
    application: application.id,
    owner: account.id,
    state: "active",
    limit: 50,
  });
  return grants.some(
    (grant) =>
      grant.resource === resource &&
      !hasExpired(grant, now) &&
      covers(grant.scope, transaction.scope) &&
      coversAudiences(grant.audiences, transaction.audiences),
  );
}

const canBeImpersonated = (redirectUri: string): boolean =>
  isLoopbackRedirect(redirectUri) || !redirectUri.startsWith("https://");
