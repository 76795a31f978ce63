import type { ExternalSubject, Owner } from "@symbolon/protocol";
import type { Grant } from "../grants/grant.ts";
import type { Store, SubjectRow } from "../store/contract.ts";
import type { Account } from "./account.ts";

const prefix = "subject:";

/**
 * The person whom the provider's own sign-in names by this `sub`; `undefined` unless it is 1 to 255 visible ASCII
 * characters that are no client id of this server, which is the `sub` of a client-credentials token (TK-17).
 * @see RFC 7519 §4.1.2, RFC 9700 §4.15
 */
export const externalSubject = (sub: string): ExternalSubject | undefined =>
  /^[\x21-\x7e]{1,255}$/.test(sub) && !/^(?:app|rs)_/.test(sub) ? ((prefix + sub) as ExternalSubject) : undefined;

export const isExternal = (owner: Owner): owner is ExternalSubject => owner.startsWith(prefix);

/** The `sub` of a token that this owner allowed. */
export const subOf = (owner: Owner): string => (isExternal(owner) ? owner.slice(prefix.length) : owner);

/**
 * The row behind the owner of a grant. `undefined` for a client-credentials grant, or if the account is deleted, or the
 * account or subject is suspended.
 */
export async function liveOwner(grant: Grant, store: Store): Promise<Account | SubjectRow | undefined> {
  if (grant.owner === null) return undefined;
  const row = isExternal(grant.owner) ? await store.subjects.find(grant.owner) : await store.accounts.find(grant.owner);
  return row?.suspendedAt === null ? row : undefined;
}

/** Whether the grant has an owner who is not suspended, or needs none (WB-17). */
export const isOwnerLive = async (grant: Grant, store: Store): Promise<boolean> =>
  grant.owner === null || (await liveOwner(grant, store)) !== undefined;
