import {
  matchRedirectUri,
  ok,
  refuse,
  type ClientId,
  type EpochSeconds,
  type Result,
  type Scope,
} from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";

/**
 * A checked authorization request on its way through sign-in and consent. It travels in the forms, sealed, so that a
 * million visitors who never answer leave no row behind (HT-13) and no form field decides anything (AZ-14).
 */
export type Transaction = {
  client: ClientId;
  redirectUri: string;
  state: string | null;
  scope: Scope;
  audiences: readonly string[];
  challenge: string;
  prompt: readonly Prompt[];
  maxAgeSeconds: number | null;
  loginHint: string;
  startedAt: EpochSeconds;
  /** Digest of the session that signed in within this transaction, base64url; what `prompt=login` asks for. */
  signedInBy: string | null;
};

export const prompts = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof prompts)[number];

/** The state goes in as base64: written as JSON, 2 KiB of control characters would outgrow a request line (AP-11). */
export function sealTransaction(transaction: Transaction, deps: Deps): string {
  const state = transaction.state === null ? null : Buffer.from(transaction.state).toString("base64");
  const text = Buffer.from(JSON.stringify({ ...transaction, state })).toString("base64url");
  return `${text}.${deps.keyring.seal("transaction", text)}`;
}

function unsealedTransaction(text: string): Transaction {
  const transaction: Transaction = JSON.parse(Buffer.from(text, "base64url").toString());
  const { state } = transaction;
  return { ...transaction, state: state === null ? null : Buffer.from(state, "base64").toString() };
}

/** Opens what came back, and asks the registration again: the application may have changed meanwhile. */
export async function openTransaction(
  sealed: string | undefined,
  deps: Deps,
): Promise<Result<{ transaction: Transaction; application: Application }>> {
  const [text, mac, ...rest] = sealed?.split(".") ?? [];
  if (text === undefined || mac === undefined || rest.length > 0) return refuse("transaction_unknown");
  if (!deps.keyring.isSealed("transaction", text, mac)) return refuse("transaction_unknown");
  const transaction = unsealedTransaction(text);
  if (nowOf(deps.clock) >= transaction.startedAt + deps.config.lifetimes.transaction)
    return refuse("transaction_unknown");
  const application = await deps.store.applications.find(transaction.client);
  if (application === undefined || application.suspendedAt !== null) return refuse("client_unknown_at_authorize");
  if (!matchRedirectUri(application.redirectUris, transaction.redirectUri)) return refuse("redirect_uri_unregistered");
  return ok({ transaction, application });
}
