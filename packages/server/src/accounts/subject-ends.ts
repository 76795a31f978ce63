import type { AccountId, Owner } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";
import type { Store } from "../store/contract.ts";
import { externalSubject, isExternal } from "./owner.ts";
import { resumeAccount, suspendAccount } from "./suspend-account.ts";

export type SubjectEnds = { revokedGrants: number; endedSessions: number };

type SubjectDeps = Pick<Deps, "store" | "clock">;

/**
 * Ends every session and grant of the person with this `sub`. Until they are resumed they cannot sign in, and no
 * sign-in that was under way completes (WB-17).
 */
export async function suspendSubject(sub: string, deps: SubjectDeps): Promise<SubjectEnds> {
  return await forOwners(sub, deps, async (owner) => {
    const endedSessions = await deps.store.sessions.deleteOf(owner);
    if (!isExternal(owner)) return { endedSessions, ...(await suspendAccount(owner, deps)) };
    await deps.store.subjects.setSuspended(owner, nowOf(deps.clock));
    return { endedSessions, revokedGrants: await revokeGrants({ owner }, "account_suspended", deps) };
  });
}

/** Lets the person sign in again. Grants that were revoked stay revoked. */
export async function resumeSubject(sub: string, deps: SubjectDeps): Promise<SubjectEnds> {
  return await forOwners(sub, deps, async (owner) => {
    if (!isExternal(owner)) {
      await resumeAccount(owner, deps);
      return nothingEnded;
    }
    // A consent that was under way during the suspension may have stored a grant after the first revocation.
    const revokedGrants = await revokeGrants({ owner }, "account_suspended", deps);
    await deps.store.subjects.setSuspended(owner, null);
    return { endedSessions: 0, revokedGrants };
  });
}

/** Ends every session and grant of the person, who may sign in and connect applications again. */
export const endSubject = (sub: string, deps: SubjectDeps): Promise<SubjectEnds> =>
  forOwners(sub, deps, async (owner) => ({
    endedSessions: await deps.store.sessions.deleteOf(owner),
    revokedGrants: await revokeGrants({ owner }, "revoked_by_operator", deps),
  }));

/** Signs the person out in every browser; grants go on. */
export const endSubjectSessions = (sub: string, deps: Pick<Deps, "store">): Promise<SubjectEnds> =>
  forOwners(sub, deps, async (owner) => ({
    endedSessions: await deps.store.sessions.deleteOf(owner),
    revokedGrants: 0,
  }));

const nothingEnded: SubjectEnds = { revokedGrants: 0, endedSessions: 0 };

/** Sums up what `end` ended. A `sub` may be that of a built-in account, of the provider's own sign-in, or of both. */
async function forOwners(
  sub: string,
  { store }: { store: Store },
  end: (owner: Owner) => Promise<SubjectEnds>,
): Promise<SubjectEnds> {
  const account = await store.accounts.find(sub as AccountId);
  const owners: (Owner | undefined)[] = [account?.id, externalSubject(sub)];
  let total = nothingEnded;
  for (const owner of owners) {
    if (owner === undefined) continue;
    const ended = await end(owner);
    total = {
      revokedGrants: total.revokedGrants + ended.revokedGrants,
      endedSessions: total.endedSessions + ended.endedSessions,
    };
  }
  return total;
}
