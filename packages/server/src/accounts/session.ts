import { hash } from "node:crypto";
import { Sealed, type EpochSeconds, type ExternalSubject, type Owner, type SessionCookie } from "@symbolon/protocol";
import { nowOf, type Deps } from "../deps.ts";
import type { Account, AccountResource, ExternalPerson, Session } from "./account.ts";
import { isExternal } from "./owner.ts";

/** A signed-in person, of a built-in account or of the provider's own sign-in. */
export type SignedInUser = {
  owner: Owner;
  /** How pages name the person: an e-mail address, or the name that the provider's own sign-in gives. */
  name: string;
  /** What the person can give access to. */
  resources: readonly AccountResource[];
  session: Session;
};

/**
 * The user who is signed in with this cookie. `undefined` if there is no such session, it has expired, or the person
 * is suspended or gone.
 */
export async function findSignedInUser(
  cookie: SessionCookie | undefined,
  deps: Pick<Deps, "clock" | "config" | "keyring" | "store">,
): Promise<SignedInUser | undefined> {
  const value = cookie?.reveal();
  if (value === undefined || !/^sym_se_[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{36,43}$/.test(value)) return undefined;
  const now = nowOf(deps.clock);
  const session = await deps.store.sessions.find(deps.keyring.digest("session", value));
  if (session === undefined || now >= Math.min(session.idleExpiresAt, session.expiresAt)) return undefined;
  // Someone who can write to the database has put another person into the row (ST-02).
  if (!value.endsWith(`.${bindingOf(session)}`)) return undefined;
  const user = await personOf(session, deps.store);
  if (user === undefined) return undefined;
  await extendSession(session, now, deps);
  return { ...user, session };
}

async function personOf(
  { owner, person }: Session,
  store: Deps["store"],
): Promise<Omit<SignedInUser, "session"> | undefined> {
  if (isExternal(owner)) {
    const { suspendedAt } = await store.subjects.find(owner);
    return person === null || suspendedAt !== null
      ? undefined
      : { owner, name: person.name, resources: person.resources };
  }
  const account = await store.accounts.find(owner);
  if (account === undefined || account.suspendedAt !== null) return undefined;
  return { owner, name: account.email, resources: account.resources };
}

/** Starts a session under a new secret: a cookie that was planted before sign-in stays worthless (WB-03). */
export const startSession = (account: Account, deps: SessionDeps): Promise<StartedSession> =>
  insertSession({ owner: account.id, authenticatedAt: nowOf(deps.clock), person: null }, deps);

/** As `startSession`, for a person of the provider's own sign-in. `until`: when it ends at the latest. */
export const startExternalSession = (
  owner: ExternalSubject,
  { authenticatedAt, until, ...person }: ExternalPerson & { authenticatedAt: EpochSeconds; until?: EpochSeconds },
  deps: SessionDeps,
): Promise<StartedSession> => insertSession({ owner, authenticatedAt, person, until }, deps);

type SessionDeps = Pick<Deps, "clock" | "config" | "keyring" | "random" | "store">;
type StartedSession = { cookie: SessionCookie; session: Session };

async function insertSession(
  { until, ...whose }: Pick<Session, "owner" | "authenticatedAt" | "person"> & { until?: EpochSeconds | undefined },
  { clock, config, keyring, random, store }: SessionDeps,
): Promise<StartedSession> {
  const now = nowOf(clock);
  const value = `sym_se_${Buffer.from(random(32)).toString("base64url")}.${bindingOf(whose)}`;
  const { sessionIdle, sessionAbsolute } = config.lifetimes;
  const session: Session = {
    digest: keyring.digest("session", value),
    ...whose,
    idleExpiresAt: now + sessionIdle,
    expiresAt: Math.min(now + sessionAbsolute, until ?? Number.POSITIVE_INFINITY),
  };
  await store.sessions.insert(session);
  return { cookie: new Sealed(value), session };
}

/** The end of the cookie: it binds the row to the person, and to what the provider's sign-in said of them. */
const bindingOf = ({ owner, person, authenticatedAt }: Pick<Session, "owner" | "person" | "authenticatedAt">): string =>
  isExternal(owner) ? hash("sha256", JSON.stringify([owner, authenticatedAt, person]), "base64url") : owner;

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
