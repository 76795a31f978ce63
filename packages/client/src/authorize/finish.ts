import { issuerOf, type Application, type Call } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import type { CallCredentials } from "../ask.ts";
import { platformWorld } from "../edge.ts";
import { failed, invalid, type Called } from "../http/exchange.ts";
import { mask, told } from "../http/masks.ts";
import { present } from "../present.ts";
import type { Result } from "../result.ts";
import { requestExchange } from "../token/exchange-code.ts";
import { tokensOf, type Granted } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import { badKey, partiesOf } from "./begin.ts";
import { readCallback, type CallbackAnswer } from "./callback.ts";
import type { Claim } from "./claim.ts";
import { openTransaction, type Transaction, type TransactionKey } from "./transaction.ts";

/** How long a person may take between `beginAuthorization` and coming back, in milliseconds: ten minutes. */
export const transactionLifetimeMs = 10 * 60_000;

export type FinishAuthorizationRequest = Call &
  CallCredentials & {
    /** The address that the person came back to: whole, or from its path or query on. */
    callback: string | URL;
    /** As `beginAuthorization` gave it, from the same person's session. */
    transaction: string;
    transactionKey: TransactionKey;
    boundTo?: string;
    /** Sees to it that a callback works once. */
    claim: Claim;
  };

/**
 * Checks that the redirect answers our own request, spends the transaction, and only then asks for the tokens. Every
 * doubt ends with `callback_refused`, `access_denied` where the person said no, and nothing sent. `field` says what was
 * wrong: `transaction`, `state`, `iss`, `code`, `claim`. @see RFC 9207 §2.4, RFC 9700 §4.4, §4.5, §4.7, MX-01 to MX-05
 */
export const finishAuthorization = async (
  app: Application,
  request: FinishAuthorizationRequest,
): Promise<Result<Tokens>> => tokensOf(await requestFinish(app, request));

/** As `finishAuthorization`, with the answer that the tokens came in. */
export async function requestFinish(app: Application, request: FinishAuthorizationRequest): Promise<Result<Granted>> {
  request = { ...request };
  const operation = "finishAuthorization";
  const by = called(app, operation);
  const { world = platformWorld } = app;
  const { callback, transaction: sealedText, boundTo, claim, transactionKey } = request;
  const refuse = (field: string, says: string) => failed(by, "callback_refused", "not_processed", { field, says });
  const wrong = unfit(
    by,
    { callback: callback instanceof URL ? callback.href : callback, transaction: sealedText, boundTo },
    ["callback", "transaction"],
  );
  if (wrong !== undefined) return wrong;
  if (typeof claim !== "function") return invalid(by, "claim", "is missing");
  const parties = partiesOf(app, request);
  if (!parties.ok) return parties;

  const answer = readCallback(callback);
  if (answer === undefined) return refuse("callback", "the query is malformed, or repeats a parameter");
  let transaction: Transaction | undefined;
  try {
    transaction = await openTransaction(sealedText, parties.value, transactionKey);
  } catch {
    return invalid(by, ...badKey);
  }
  if (transaction === undefined)
    return refuse("transaction", "it was sealed for another provider, client or person, or not by us");
  const endsAtMs = transaction.beganAtMs + transactionLifetimeMs;
  if (world.epochMs() > endsAtMs) return refuse("transaction", "it is older than ten minutes");
  if (answer.state === undefined || !isSame(answer.state, transaction.state))
    return refuse("state", "it is not that of this transaction");
  const wrongIssuer = whyWrongIssuer(app, request, answer.iss);
  if (wrongIssuer !== undefined) return refuse("iss", wrongIssuer);
  try {
    if ((await claim(transaction.state, endsAtMs)) !== true) return refuse("transaction", "it was used before");
  } catch (thrown) {
    return failed(by, "callback_refused", "not_processed", {
      field: "claim",
      says: "it threw",
      cause: new Error(mask(told(thrown), [transaction.verifier, answer.code ?? ""])),
    });
  }
  if (answer.error !== undefined) return providerSaid(by, answer);
  if (answer.code === undefined) return refuse("code", "is missing");
  return await requestExchange(
    app,
    {
      ...request,
      code: answer.code,
      codeVerifier: transaction.verifier,
      redirectUri: transaction.redirectUri,
      resource: transaction.resource,
    },
    operation,
  );
}

/** Compared as strings, nothing normalised. A provider that promised `iss` must send it. */
function whyWrongIssuer(app: Application, call: Call, iss: string | undefined): string | undefined {
  const issuer = issuerOf(app, call);
  if (iss === undefined)
    return app.profile.quirks.answersWithIssuer === true ? "is missing, though the provider promises it" : undefined;
  return issuer === undefined || iss === issuer ? undefined : "it is not that of this provider";
}

function providerSaid(by: Called, { error, errorDescription, errorUri, code }: CallbackAnswer): Result<never> {
  const said = (text: string | undefined, length: number) => text && mask(text, [code ?? ""]).slice(0, length);
  const outage = error === "server_error" || error === "temporarily_unavailable";
  return failed(by, error === "access_denied" ? "access_denied" : outage ? "server_error" : "refused", "answered", {
    reason: present({ code: said(error, 100)!, description: said(errorDescription, 500), uri: said(errorUri, 500) }),
  });
}

/** In the same time wherever they differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at++) difference |= (one.charCodeAt(at) || 0) ^ other.charCodeAt(at);
  return difference === 0;
}
