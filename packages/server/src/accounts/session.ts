import { nowOf, type Deps } from "../deps.ts";
import type { Account, Session } from "./account.ts";

/** A signed-in browser and the person in front of it. */
export type Visitor = { account: Account; session: Session };

const prefix = "sym_se_";

/**
 * The visitor behind a session cookie, or `undefined`: no such session, expired, or the account is suspended or gone.
 */
export async function findVisitor(cookie: string | undefined, deps: Deps): Promise<Visitor | undefined> {
  if (cookie === undefined || !/^sym_se_[A-Za-z0-9_-]{43}\.[0-9a-f-]{36}$/.test(cookie)) return undefined;
  const now = nowOf(deps.clock);
  const session = await deps.store.sessions.find(deps.keyring.digest("session", cookie));
  if (session === undefined || now >= Math.min(session.idleExpiresAt, session.expiresAt)) return undefined;
  // Somebody has written another account into the row (ST-02).
  if (!cookie.endsWith(`.${session.account}`)) return undefined;
  const account = await deps.store.accounts.find(session.account);
  if (account === undefined || account.suspendedAt !== null) return undefined;
  await keepAwake(session, now, deps);
  return { account, session };
}

/** Starts a session under a new secret, so that an id planted before sign-in is worth nothing (WB-03). */
export async function startSession(account: Account, deps: Deps): Promise<{ cookie: string; session: Session }> {
  const now = nowOf(deps.clock);
  const cookie = `${prefix}${Buffer.from(deps.random(32)).toString("base64url")}.${account.id}`;
  const { sessionIdle, sessionAbsolute } = deps.config.lifetimes;
  const session: Session = {
    digest: deps.keyring.digest("session", cookie),
    account: account.id,
    authenticatedAt: now,
    idleExpiresAt: now + sessionIdle,
    expiresAt: now + sessionAbsolute,
  };
  await deps.store.sessions.insert(session);
  return { cookie, session };
}

/** Moves the idle end, yet writes no more often than once in a twentieth of it. */
async function keepAwake(session: Session, now: number, deps: Deps): Promise<void> {
  const { sessionIdle } = deps.config.lifetimes;
  if (now + sessionIdle - session.idleExpiresAt < sessionIdle / 20) return;
  await deps.store.sessions.touch(session.digest, now + sessionIdle);
}

export const nameOfSession = (session: Session): string => Buffer.from(session.digest).toString("base64url");
