import { Sealed, type BrowserCookie, type EpochSeconds, type SealedTransaction } from "@symbolon/protocol";
import { sealTransaction, unsealTransaction, type Transaction } from "../authorize/transaction.ts";
import { nowOf, type Deps } from "../deps.ts";

/**
 * A sign-in that is under way elsewhere. It travels sealed in its id, `sym_si_…`, so one that is abandoned leaves no
 * row (SI-07), and it is bound to the browser that it began in (SI-02).
 */
export type SignInUnderWay = {
  /** As it travels. It is no secret: without the browser's cookie and the proof of the answer it signs no one in. */
  id: string;
  /** Random; names it in the store. */
  nonce: string;
  begunAt: EpochSeconds;
  transaction: Transaction;
  isExpired: boolean;
  /** The address of this server to which the browser comes back. */
  returnTo: string;
  /** MAC over the nonce and the cookie of the browser. */
  browserMac: string;
};

type Head = [nonce: string, begunAt: EpochSeconds, browserMac: string, returnTo: string];

const prefix = "sym_si_";
const pattern = /^sym_si_([A-Za-z0-9_-]{16,1000})\.([A-Za-z0-9_.-]{1,12000})\.([A-Za-z0-9_-]{43})$/;

/** The id of a new sign-in of this browser. It holds the transaction as if the request had just come. */
export function newSignInId(
  transaction: Transaction,
  { browser, returnTo }: { browser: BrowserCookie; returnTo: string },
  deps: Pick<Deps, "clock" | "keyring" | "random">,
): string {
  const { clock, keyring, random } = deps;
  const begunAt = nowOf(clock);
  const nonce = Buffer.from(random(16)).toString("base64url");
  const browserMac = keyring.seal("sign_in", browserMessage(nonce, browser));
  const head = Buffer.from(JSON.stringify([nonce, begunAt, browserMac, returnTo] satisfies Head)).toString("base64url");
  const text = `${head}.${sealTransaction({ ...transaction, startedAt: begunAt }, deps).reveal()}`;
  return `${prefix}${text}.${keyring.seal("sign_in", text)}`;
}

/** The sign-in that this server began with the id; `undefined` if it is forged or altered. */
export function readSignInId(id: string, deps: Pick<Deps, "clock" | "config" | "keyring">): SignInUnderWay | undefined {
  const [, head = "", sealed = "", mac = ""] = pattern.exec(id) ?? [];
  if (mac === "" || !deps.keyring.isSealed("sign_in", `${head}.${sealed}`, mac)) return undefined;
  const transaction = unsealTransaction(new Sealed(sealed) satisfies SealedTransaction, deps);
  if (transaction === undefined) return undefined;
  const [nonce, begunAt, browserMac, returnTo] = JSON.parse(Buffer.from(head, "base64url").toString()) as Head;
  const isExpired = nowOf(deps.clock) >= begunAt + deps.config.lifetimes.transaction;
  return { id, nonce, begunAt, transaction, isExpired, returnTo, browserMac };
}

/** The address at which the browser that began the sign-in comes back with it, and with the proof of its answer. */
export const returnAddress = ({ id, returnTo }: SignInUnderWay, proof: string): string =>
  `${returnTo}?sign_in=${id}&sign_in_answer=${proof}`;

/** Whether the sign-in began in this browser (SI-01, SI-02). */
export const isOfBrowser = (
  { nonce, browserMac }: SignInUnderWay,
  browser: BrowserCookie | undefined,
  { keyring }: Pick<Deps, "keyring">,
): boolean => browser !== undefined && keyring.isSealed("sign_in", browserMessage(nonce, browser), browserMac);

const browserMessage = (nonce: string, browser: BrowserCookie): string => `browser\0${nonce}\0${browser.reveal()}`;
