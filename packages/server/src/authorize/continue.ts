import { covers, isLoopbackRedirect } from "@symbolon/protocol";
import { nameOfSession, type Visitor } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { hasExpired } from "../grants/grant.ts";
import { coversAudiences } from "../grants/variants.ts";
import { allow } from "./allow.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { consentScreen } from "./consent-screen.ts";
import { signInScreen } from "./sign-in-screen.ts";
import type { Transaction } from "./transaction.ts";

/** The next thing that a transaction needs: a person, their consent, or nothing more. */
export async function continueTransaction(
  transaction: Transaction,
  application: Application,
  visitor: Visitor | undefined,
  request: BrowserRequest,
  deps: Deps,
): Promise<Screen> {
  const isSilent = transaction.prompt.includes("none");
  const refuseSilently = (reason: "login_required" | "consent_required") =>
    refusalScreen({ ok: false, reason, client: application.id, backTo: transaction }, deps);

  if (visitor === undefined || mustSignInAgain(transaction, visitor, deps)) {
    return isSilent
      ? refuseSilently("login_required")
      : signInScreen(transaction, application, request, deps, { email: transaction.loginHint });
  }
  if (await mayGrantUnasked(transaction, application, visitor, deps)) {
    return await allow(transaction, application, visitor, visitor.account.resources[0]?.name ?? null, deps);
  }
  return isSilent ? refuseSilently("consent_required") : consentScreen(transaction, application, visitor, deps);
}

/** `prompt=login` and `max_age` hold through the whole transaction, consent included (AP-17). */
export function mustSignInAgain(transaction: Transaction, { session }: Visitor, deps: Deps): boolean {
  const { prompt, maxAgeSeconds, signedInBy } = transaction;
  const asksForSignIn = prompt.includes("login") || prompt.includes("select_account");
  if (asksForSignIn && signedInBy !== nameOfSession(session)) return true;
  if (maxAgeSeconds === null || signedInBy === nameOfSession(session)) return false;
  return nowOf(deps.clock) - session.authenticatedAt > maxAgeSeconds;
}

/**
 * Whether an earlier consent still stands for all that is asked. Never where somebody must pick a resource, and never
 * for a public application whose identity is unsure (RFC 8252 §8.6).
 */
async function mayGrantUnasked(
  transaction: Transaction,
  application: Application,
  { account }: Visitor,
  deps: Deps,
): Promise<boolean> {
  if (transaction.prompt.includes("consent") || account.resources.length > 1) return false;
  if (application.type === "public" && isIdentityUnsure(transaction.redirectUri)) return false;
  const resource = account.resources[0]?.name ?? null;
  const now = nowOf(deps.clock);
  const grants = await deps.store.grants.list({
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

const isIdentityUnsure = (redirectUri: string): boolean =>
  isLoopbackRedirect(redirectUri) || !redirectUri.startsWith("https://");
