import type { SealedTransaction } from "@symbolon/protocol";
import { nameOfSession, type SignedInUser } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import type { ConsentView } from "../views.ts";
import { describeRedirect } from "./redirect.ts";
import type { Screen } from "./screen.ts";
import { sealTransaction, type Transaction } from "./transaction.ts";

/** The consent page: which application asks, where the answer goes, for which scopes and resource, and for how long. */
export function consentScreen(
  transaction: Transaction,
  application: Application,
  user: SignedInUser,
  deps: Pick<Deps, "config" | "keyring">,
  problem?: ConsentView["problem"],
): Screen {
  const sealed = sealTransaction(transaction, deps);
  const sessionName = nameOfSession(user.session);
  const csrf = `${sessionName}.${deps.keyring.seal("csrf", csrfMessage(user, sessionName, sealed))}`;
  const { lifetimes, scopes } = deps.config;
  return {
    show: "consent",
    status: problem === undefined ? 200 : 400,
    hidden: { transaction: sealed, csrf },
    view: {
      applicationName: application.name,
      redirect: describeRedirect(transaction.redirectUri),
      email: user.account.email,
      scopes: transaction.scope.map((name) => ({
        name,
        access: "change" as const,
        ...(Object.hasOwn(scopes, name) ? scopes[name]! : { title: name }),
      })),
      resources: user.account.resources.map(({ name, label }) => ({
        value: name,
        type: name.slice(0, name.indexOf("/")),
        label,
      })),
      lasts: { absoluteSeconds: lifetimes.grantAbsolute, idleSeconds: lifetimes.grantIdle },
      ...(problem === undefined ? {} : { problem }),
    },
  };
}

/**
 * Whether the form was shown in this session, for this transaction and this list of resources, so that consent to one
 * request never approves another (WB-01, AP-18).
 */
export const isFormOfSession = (
  user: SignedInUser,
  sealed: SealedTransaction,
  csrf: string | undefined,
  deps: Pick<Deps, "keyring">,
): boolean => csrf?.startsWith(`${nameOfSession(user.session)}.`) === true && isFormOfAccount(user, sealed, csrf, deps);

/** Whether the form was shown to this account, in this or an earlier session: the user may have signed in again. */
export function isFormOfAccount(
  user: SignedInUser,
  sealed: SealedTransaction,
  csrf: string | undefined,
  { keyring }: Pick<Deps, "keyring">,
): boolean {
  const [sessionName = "", mac = ""] = csrf?.split(".") ?? [];
  return keyring.isSealed("csrf", csrfMessage(user, sessionName, sealed), mac);
}

const csrfMessage = ({ account }: SignedInUser, sessionName: string, sealed: SealedTransaction): string =>
  `consent\0${sessionName}\0${account.id}\0${sealed.reveal()}\0${JSON.stringify(account.resources.map(({ name }) => name))}`;
