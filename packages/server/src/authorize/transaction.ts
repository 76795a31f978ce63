import { Sealed, type ClientId, type EpochSeconds, type Scope, type SealedTransaction } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { Prompt } from "./prompt.ts";

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
  /** The resource that the application asks for, as `Type/uuid`. Unchecked: it may be of another user. */
  resourceHint: string;
  /** The languages that the application asks for, as BCP 47 tags, the preferred first. */
  uiLocales: readonly string[];
  /** The authentication context classes that are good enough (OpenID Connect Core §3.1.2.1); empty: any. */
  acrValues: readonly string[];
  startedAt: EpochSeconds;
  /** Name of the session that signed in during this transaction; satisfies `prompt=login` and `max_age`. */
  signedInBy: string | null;
};

/** `state` is a part of its own: inside the JSON it would be base64 in base64, or longer still if escaped (AP-11). */
export function sealTransaction(transaction: Transaction, { keyring }: Pick<Deps, "keyring">): SealedTransaction {
  const { state, ...rest } = transaction;
  const text = [JSON.stringify(rest), state ?? ""].map((part) => Buffer.from(part).toString("base64url")).join(".");
  return new Sealed(`${text}.${keyring.seal("transaction", text)}`);
}

/** The transaction that this server sealed, also one that has expired; `undefined` if it is forged or altered. */
export function unsealTransaction(
  sealed: SealedTransaction,
  { keyring }: Pick<Deps, "keyring">,
): Transaction | undefined {
  const [rest, state, mac, ...more] = sealed.reveal().split(".");
  if (rest === undefined || state === undefined || mac === undefined || more.length > 0) return undefined;
  return keyring.isSealed("transaction", `${rest}.${state}`, mac) ? parseTransaction(rest, state) : undefined;
}

/**
 * An empty `state` counts as absent in a request, so it stands for none here. A transaction of an earlier version lacks
 * some members.
 */
function parseTransaction(rest: string, state: string): Transaction {
  const text = (part: string): string => Buffer.from(part, "base64url").toString();
  return { acrValues: [], uiLocales: [], ...JSON.parse(text(rest)), state: state === "" ? null : text(state) };
}
