import { Sealed, type EpochSeconds, type SessionCookie } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import type { Account, Session } from "./account.ts";

export type SignedInUser = { account: Account; session: Session };

/**
 * The user who is signed in with this cookie. `undefined` if there is no such session, it has expired, or the account
 * is suspended or gone.
 */
export async function findSignedInUser(
  cookie: SessionCookie | undefined,
  deps: Pick<Deps, "clock" | "config" | "keyring" | "store">,
): Promise<SignedInUser | undefined> {
  const value = cookie?.reveal();
  if (value === undefined || !/^sym_se_[A-Za-z0-9_-]{43}\.[0-9a-f-]{36}$/.test(value)) return undefined;
  const now = nowOf(deps.clock);
  const session = await deps.store.sessions.find(deps.keyring.digest("session", value));
  if (session === undefined || now >= Math.min(session.idleExpiresAt, session.expiresAt)) return undefined;
  // Someone who can write to the database has put another account into the row (ST-02).
  if (!value.endsWith(`.${session.account}`)) return undefined;
  const account = await deps.store.accounts.find(session.account);
  if (account === undefined || account.suspendedAt !== null) return undefined;
  await extendSession(session, now, deps);
  return { account, session };
}

/** Starts a session under a new secret: a cookie that was planted before sign-in stays worthless (WB-03). */
export async function startSession(
  account: Account,
  { clock, config, keyring, random, store }: Pick<Deps, "clock" | "config" | "keyring" | "random" | "store">,
): Promise<{ cookie: SessionCookie; session: Session }> {
  const now = nowOf(clock);
  const value = `sym_se_${Buffer.from(random(32)).toString("base64url")}.${account.id}`;
  const { sessionIdle, sessionAbsolute } = config.lifetimes;
  const session: Session = {
    digest: keyring.digest("session", value),
    account: account.id,
    authenticatedAt: now,
    idleExpiresAt: now + sessionIdle,
    expiresAt: now + sessionAbsolute,
  };
  await store.sessions.insert(session);
  return { cookie: new Sealed(value), session };
}

/** Moves the idle expiry, at most once in a twentieth of the idle lifetime: not every request writes. */
async function extendSession(
  session: Session,
  now: EpochSeconds,
  { config, store }: Pick<Deps, "config" | "store">,
): Promise<void> {
  const { sessionIdle } = config.lifetimes;
  if (now + sessionIdle - session.idleExpiresAt < sessionIdle / 20) return;
  await store.sessions.touch(session.digest, now + sessionIdle);
}

/** A public name of the session: the keyed digest of its secret. */
export const nameOfSession = (session: Session): string => Buffer.from(session.digest).toString("base64url");
