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
  { problem, chosen }: { problem?: ConsentView["problem"]; chosen?: string | undefined } = {},
): Screen {
  const sealed = sealTransaction(transaction, deps);
  const selected = chosen ?? transaction.resourceHint;
  const csrf = deps.keyring.seal("csrf", csrfMessage(user, sealed));
  const { lifetimes, scopes } = deps.config;
  return {
    show: "consent",
    status: statusFor(problem),
    hidden: { transaction: sealed, csrf },
    view: {
      application: { name: application.name },
      redirect: describeRedirect(transaction.redirectUri),
      email: user.name,
      scopes: transaction.scope.map((name) => ({
        name,
        access: "change" as const,
        ...(Object.hasOwn(scopes, name) ? scopes[name]! : { title: name }),
      })),
      resources: user.resources.map(({ name, label }) => ({
        value: name,
        type: name.slice(0, name.indexOf("/")),
        label,
        isChosen: name === selected,
      })),
      lasts: { absoluteSeconds: lifetimes.grantAbsolute, idleSeconds: lifetimes.grantIdle },
      ...(problem === undefined ? {} : { problem }),
    },
  };
}

function statusFor(problem: ConsentView["problem"]): number {
  if (problem === undefined || problem === "expired") return 200;
  return problem === "choose_resource" ? 400 : 403;
}

/**
 * Whether the form was shown in this session, for this transaction and this list of resources, so that consent to one
 * request never approves another (WB-01, AP-18).
 */
export const isFormOfSession = (
  user: SignedInUser,
  sealed: SealedTransaction,
  csrf: string | undefined,
  { keyring }: Pick<Deps, "keyring">,
): boolean => keyring.isSealed("csrf", csrfMessage(user, sealed), csrf ?? "");

const csrfMessage = ({ owner, resources, session }: SignedInUser, sealed: SealedTransaction): string =>
  `consent\0${nameOfSession(session)}\0${owner}\0${sealed.reveal()}\0${JSON.stringify(resources.map(({ name }) => name))}`;
