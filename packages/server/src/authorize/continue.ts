import { covers, isLoopbackRedirect, type ResourceName } from "@symbolon/protocol";
import { nameOfSession, type SignedInUser } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { hasExpired, type Grant } from "../grants/grant.ts";
import { coversAudiences } from "../grants/variants.ts";
import { allow } from "./allow.ts";
import { refusalScreen, type BrowserRequest, type Screen } from "./screen.ts";
import { signInMethodOf } from "../sign-in/methods.ts";
import { consentScreen } from "./consent-screen.ts";
import type { Transaction } from "./transaction.ts";

/** Shows what the transaction needs next: sign-in, consent, or neither, in which case it is granted. */
export async function continueTransaction(
  transaction: Transaction,
  application: Application,
  user: SignedInUser | undefined,
  request: BrowserRequest,
  deps: Deps,
  notice?: "expired",
): Promise<Screen> {
  const isSilent = transaction.prompt.includes("none");
  const refuseSilently = (reason: "login_required" | "consent_required") =>
    refusalScreen({ ok: false, reason, client: application.id, backTo: transaction }, deps);

  if (user === undefined || mustSignInAgain(transaction, user, deps)) {
    if (isSilent) return refuseSilently("login_required");
    const asked = { transaction, application, request, notice: notice ?? (user === undefined ? undefined : again) };
    return await signInMethodOf(deps.config).begin(asked, deps);
  }
  const resource = await rememberedResource(transaction, application, user, deps);
  if (resource !== undefined) return await allow(transaction, application, user, resource, deps);
  return isSilent
    ? refuseSilently("consent_required")
    : consentScreen(transaction, application, user, deps, { problem: notice });
}

const again = "sign_in_again" as const;

/** `prompt=login` and `max_age` apply to the whole transaction, consent included (AP-17). */
export function mustSignInAgain(
  transaction: Transaction,
  { session }: SignedInUser,
  { clock }: Pick<Deps, "clock">,
): boolean {
  const { prompt, maxAgeSeconds, acrValues, signedInBy } = transaction;
  const asksForSignIn = prompt.includes("login") || prompt.includes("select_account");
  if (asksForSignIn && signedInBy !== nameOfSession(session)) return true;
  const { person } = session; // a built-in account has one way to sign in, so it is asked for no other
  if (person !== null && acrValues.length > 0 && !acrValues.includes(person.acr ?? "")) return true;
  if (maxAgeSeconds === null || signedInBy === nameOfSession(session)) return false;
  return nowOf(clock) - session.authenticatedAt > maxAgeSeconds;
}

/**
 * The resource of an active grant that covers all that is asked, so that consent need not be asked again; `null` for an
 * person without resources. Of several resources it is the one that `resource_hint` names, else the only one that the
 * application has access to. `undefined`: ask. Always so for a public application that another program can impersonate
 * (RFC 8252 §8.6).
 */
async function rememberedResource(
  transaction: Transaction,
  application: Application,
  user: SignedInUser,
  { clock, store }: Pick<Deps, "clock" | "store">,
): Promise<ResourceName | null | undefined> {
  if (transaction.prompt.includes("consent")) return undefined;
  if (application.type === "public" && canBeImpersonated(transaction.redirectUri)) return undefined;
  const now = nowOf(clock);
  const filter = { application: application.id, owner: user.owner, state: "active", limit: 50 } as const;
  const grants = (await store.grants.list(filter)).filter((grant) => !hasExpired(grant, now));
  const resource = resourceAskedFor(transaction, user, grants);
  const isCovered = grants.some(
    (grant) =>
      grant.resource === resource &&
      covers(grant.scope, transaction.scope) &&
      coversAudiences(grant.audiences, transaction.audiences),
  );
  return isCovered ? resource : undefined;
}

/** A hint that names no resource of the person is ignored, so it tells nothing about resources of other people. */
function resourceAskedFor(
  { resourceHint }: Transaction,
  { resources }: SignedInUser,
  grants: readonly Grant[],
): ResourceName | null | undefined {
  const names = resources.map(({ name }) => name);
  if (names.length <= 1) return names[0] ?? null;
  const hinted = names.find((name) => name === resourceHint);
  if (hinted !== undefined) return hinted;
  const [only, ...others] = names.filter((name) => grants.some(({ resource }) => resource === name));
  return others.length === 0 ? only : undefined;
}

const canBeImpersonated = (redirectUri: string): boolean =>
  isLoopbackRedirect(redirectUri) || !redirectUri.startsWith("https://");
