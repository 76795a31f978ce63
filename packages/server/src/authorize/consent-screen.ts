import { isLoopbackRedirect } from "@symbolon/protocol";
import { nameOfSession, type Visitor } from "../accounts/session.ts";
import type { Application } from "../applications/application.ts";
import type { Deps } from "../deps.ts";
import type { ConsentView } from "../views.ts";
import type { Screen } from "./screen.ts";
import { sealTransaction, type Transaction } from "./transaction.ts";

/** The consent page: who asks, where the answer goes, for what, on what, and for how long. */
export function consentScreen(
  transaction: Transaction,
  application: Application,
  visitor: Visitor,
  deps: Deps,
  problem?: ConsentView["problem"],
): Screen {
  const sealed = sealTransaction(transaction, deps);
  const hidden = {
    transaction: sealed,
    csrf: `${nameOfSession(visitor.session)}.${deps.keyring.seal("csrf", formMessage(visitor, nameOfSession(visitor.session), sealed))}`,
  };
  const { lifetimes, scopes } = deps.config;
  return {
    show: "consent",
    status: problem === undefined ? 200 : 400,
    redirectUri: transaction.redirectUri,
    hidden,
    view: {
      applicationName: application.name,
      redirect: describeRedirect(transaction.redirectUri),
      email: visitor.account.email,
      scopes: transaction.scope.map((name) => ({
        name,
        ...(Object.hasOwn(scopes, name) ? scopes[name]! : { title: name }),
      })),
      resources: visitor.account.resources.map(({ name, label }) => ({
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
 * Bound to session, transaction and what there was to pick from, so that consent for one never approves another (WB-01,
 * AP-18).
 */
export const isOurConsentForm = (visitor: Visitor, sealed: string, csrf: string | undefined, deps: Deps): boolean =>
  csrf?.startsWith(`${nameOfSession(visitor.session)}.`) === true && wasShownTo(visitor, sealed, csrf, deps);

/**
 * Whether we showed the form to this person in this or an earlier session: they have signed in again in another tab
 * since.
 */
export function wasShownTo(visitor: Visitor, sealed: string, csrf: string | undefined, deps: Deps): boolean {
  const [sessionName = "", mac = ""] = csrf?.split(".") ?? [];
  return deps.keyring.isSealed("csrf", formMessage(visitor, sessionName, sealed), mac);
}

const formMessage = ({ account }: Visitor, sessionName: string, sealed: string): string =>
  `consent\0${sessionName}\0${account.id}\0${sealed}\0${JSON.stringify(account.resources.map(({ name }) => name))}`;

function describeRedirect(uri: string): ConsentView["redirect"] {
  if (isLoopbackRedirect(uri)) return { kind: "loopback" };
  const web = /^https:\/\/([^/?]+)/.exec(uri)?.[1];
  return web === undefined ? { kind: "app", scheme: uri.slice(0, uri.indexOf(":")) } : { kind: "web", host: web };
}
