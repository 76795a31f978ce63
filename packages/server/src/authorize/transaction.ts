import {
  matchRedirectUri,
  ok,
  refuse,
  Sealed,
  type ClientId,
  type EpochSeconds,
  type Form,
  type Result,
  type Scope,
  type SealedTransaction,
} from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";

/**
 * A validated authorization request during sign-in and consent. It travels in the forms, sealed: visitors who never
 * answer leave no row behind (HT-13), and no form field can change the request (AZ-14).
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
  /** Name of the session that signed in during this transaction; satisfies `prompt=login` and `max_age`. */
  signedInBy: string | null;
};

export const prompts = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof prompts)[number];

export type OpenedTransaction = { sealed: SealedTransaction; transaction: Transaction; application: Application };

/** `state` is a part of its own: inside the JSON it would be base64 in base64, or longer still if escaped (AP-11). */
export function sealTransaction(transaction: Transaction, { keyring }: Pick<Deps, "keyring">): SealedTransaction {
  const { state, ...rest } = transaction;
  const text = [JSON.stringify(rest), state ?? ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
  return new Sealed(`${text}.${keyring.seal("transaction", text)}`);
}

/**
 * Opens the transaction of a form or query, and checks its client again: the registration may have changed. Refuses a
 * transaction that is forged, altered or expired.
 */
export async function openTransaction(
  form: Form,
  { clock, config, keyring, store }: Pick<Deps, "clock" | "config" | "keyring" | "store">,
): Promise<Result<OpenedTransaction>> {
  const sealed: SealedTransaction = new Sealed(form.get("transaction") ?? "");
  const [rest, state, mac, ...more] = sealed.reveal().split(".");
  if (rest === undefined || state === undefined || mac === undefined || more.length > 0)
    return refuse("transaction_unknown");
  const text = `${rest}.${state}`;
  if (!keyring.isSealed("transaction", text, mac)) return refuse("transaction_unknown");
  const transaction = parseTransaction(rest, state);
  if (nowOf(clock) >= transaction.startedAt + config.lifetimes.transaction) return refuse("transaction_unknown");
  const application = await store.applications.find(transaction.client);
  if (application === undefined || application.suspendedAt !== null) return refuse("client_unknown_at_authorize");
  if (!matchRedirectUri(application.redirectUris, transaction.redirectUri)) return refuse("redirect_uri_unregistered");
  return ok({ sealed, transaction, application });
}

/** An empty `state` counts as absent in a request, so it stands for none here. */
function parseTransaction(rest: string, state: string): Transaction {
  const text = (part: string): string => Buffer.from(part, "base64url").toString();
  return { ...JSON.parse(text(rest)), state: state === "" ? null : text(state) };
}
