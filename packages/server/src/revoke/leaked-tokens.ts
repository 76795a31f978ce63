import { parseToken, Sealed, type GrantId } from "@symbolon/protocol";
import { isExternal, subOf } from "../accounts/owner.ts";
import type { Deps } from "../deps.ts";
import type { Grant } from "../grants/grant.ts";
import { revokeGrant } from "../grants/revoke-grants.ts";

/** A grant whose token was found. `subject`: the e-mail address of the account, or its id where it is gone. */
export type LeakedGrant = { grant: GrantId; client: Grant["application"]; subject: string | null; changed: boolean };

export type LeakReport = {
  /** Different tokens in the text. */
  found: number;
  /** Tokens among them that this server issued. */
  genuine: number;
  /** The grants of the genuine tokens, each once; without those that were swept. */
  grants: readonly LeakedGrant[];
};

/**
 * The pattern that secret scanners look for (SECURITY.md). It has no length limit: a counted repetition would start
 * anew at each beginning.
 */
const tokenPattern = /sym_(?:at|rt|ac)_[A-Za-z0-9_-]*/g;

/** Every different token in a text, such as the report of a secret scanner. Made-up tokens may be among them. */
export const findTokens = (text: string): string[] =>
  [...new Set(text.match(tokenPattern) ?? [])].filter((found) => parseToken(found) !== undefined);

/** Revokes the grant of every genuine token in the text. Tokens with a wrong MAC change nothing. */
export async function revokeLeakedTokens(
  text: string,
  deps: Pick<Deps, "store" | "clock" | "keyring">,
): Promise<LeakReport> {
  const found = findTokens(text);
  const genuine = found.flatMap((token) => genuineGrantOf(token, deps) ?? []);
  const ended = await Promise.all([...new Set(genuine)].map((id) => endLeakedGrant(id, deps)));
  return { found: found.length, genuine: genuine.length, grants: ended.filter((one) => one !== undefined) };
}

/** The grant that the token points to; `undefined` where the MAC is wrong. */
function genuineGrantOf(token: string, { keyring }: Pick<Deps, "keyring">): GrantId | undefined {
  const parsed = parseToken(token);
  if (parsed === undefined || keyring.read(parsed.kind, new Sealed(token)) === undefined) return undefined;
  return parsed.pointer.grantId;
}

async function endLeakedGrant(id: GrantId, deps: Pick<Deps, "store" | "clock">): Promise<LeakedGrant | undefined> {
  const grant = await deps.store.grants.find(id);
  if (grant === undefined) return undefined;
  const outcome = await revokeGrant(id, "token_leaked", deps);
  return {
    grant: id,
    client: grant.application,
    subject: await subjectOf(grant, deps.store),
    changed: outcome === "revoked",
  };
}

async function subjectOf({ owner }: Grant, store: Deps["store"]): Promise<string | null> {
  if (owner === null) return null;
  return isExternal(owner) ? subOf(owner) : ((await store.accounts.find(owner))?.email ?? owner);
}
