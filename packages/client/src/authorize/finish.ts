import { issuerOf, type Application, type Call } from "../application.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { platformWorld } from "../edge.ts";
import type { ErrorSource } from "../errors/client-error.ts";
import { failure, invalidRequest } from "../errors/failures.ts";
import { describeThrown, mask } from "../http/masks.ts";
import { ok, type Failure, type Result } from "../result.ts";
import { requestExchange } from "../token/exchange-code.ts";
import { tokensIn, type TokenReply } from "../token/request-tokens.ts";
import type { Tokens } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { invalidKey, transactionBinding } from "./begin.ts";
import { readCallback, type CallbackParameters } from "./callback.ts";
import type { Claim } from "./claim.ts";
import { openTransaction, type Transaction, type TransactionBinding, type TransactionKey } from "./transaction.ts";

/** How long the user may take between `beginAuthorization` and the redirect back, in milliseconds: ten minutes. */
export const transactionLifetimeMs = 10 * 60_000;

/** Arguments of `finishAuthorization` besides key and claim. */
export type FinishParameters = Call &
  CallCredentials & {
    /** The address that the user was redirected to: the whole URL, or from its path or query on. */
    callback: string | URL;
    /** The `transaction` from `beginAuthorization`, read from the same user's session. */
    transaction: string;
    /** The same as in `beginAuthorization`. */
    boundTo?: string | undefined;
  };

/** Arguments of a client's `finishAuthorization`. */
export type FinishRequest = FinishParameters & {
  /** The same as in `beginAuthorization`. Default: the client's. */
  transactionKey?: TransactionKey | undefined;
  /** Makes the callback usable once. Default: the client's. */
  claim?: Claim | undefined;
};

/** Arguments of `finishAuthorization`. */
export type FinishAuthorizationRequest = FinishParameters & {
  /** The same as in `beginAuthorization`. */
  transactionKey: TransactionKey;
  /** Makes the callback usable once. */
  claim: Claim;
};

/**
 * Checks that the redirect answers our own authorization request, uses up the transaction, and exchanges the code for
 * tokens. A failed check is `callback_refused`; a user who refused is `access_denied`. Neither sends a request. `field`
 * names the check: `callback`, `transaction`, `state`, `iss`, `claim` or `code`.
 * @see RFC 9207 §2.4, RFC 9700 §4.4, §4.5, §4.7, MX-01 to MX-05
 */
export const finishAuthorization = async (
  app: Application,
  request: FinishAuthorizationRequest,
): Promise<Result<Tokens>> => tokensIn(await requestFinish(app, request));

/** As `finishAuthorization`, and also returns the response that the tokens came in. */
export async function requestFinish(
  app: Application,
  request: FinishAuthorizationRequest,
): Promise<Result<TokenReply>> {
  request = { ...request };
  const operation = "finishAuthorization";
  const source = errorSource(app, operation);
  const invalid = invalidInput(source, request);
  if (invalid !== undefined) return invalid;
  const binding = transactionBinding(app, request);
  if (!binding.ok) return binding;
  const callback = readCallback(request.callback);
  if (callback === undefined) return refused(source, "callback", "has a malformed query or a repeated parameter");
  const transaction = await readTransaction(source, request, binding.value);
  if (!transaction.ok) return transaction;
  const { state, verifier, redirectUri, resource, beganAtMs } = transaction.value;

  const endsAtMs = beganAtMs + transactionLifetimeMs;
  if ((app.world ?? platformWorld).epochMs() > endsAtMs)
    return refused(source, "transaction", "is older than ten minutes");
  if (callback.state === undefined || !constantTimeEqual(callback.state, state))
    return refused(source, "state", "does not belong to this transaction");
  const wrongIssuer = describeWrongIssuer(app, request, callback.iss);
  if (wrongIssuer !== undefined) return refused(source, "iss", wrongIssuer);
  try {
    if ((await request.claim(state, endsAtMs)) !== true) return refused(source, "transaction", "was used before");
  } catch (thrown) {
    const cause = new Error(mask(describeThrown(thrown), [verifier, callback.code ?? ""]));
    return refused(source, "claim", "threw", cause);
  }
  if (callback.error !== undefined) return refusedByProvider(source, callback);
  if (callback.code === undefined) return refused(source, "code", "is missing");
  return await requestExchange(
    app,
    { ...request, code: callback.code, codeVerifier: verifier, redirectUri, resource },
    operation,
  );
}

const refused = (source: ErrorSource, field: string, message: string, cause?: Error): Failure =>
  failure(source, "callback_refused", "not_processed", { field, message, ...(cause && { cause }) });

function invalidInput(
  source: ErrorSource,
  { callback, transaction, boundTo, claim }: FinishAuthorizationRequest,
): Failure | undefined {
  const text = callback instanceof URL ? callback.href : callback;
  return (
    invalidArgument(source, { callback: text, transaction, boundTo }, ["callback", "transaction"]) ??
    (typeof claim === "function" ? undefined : invalidRequest(source, "claim", "is missing"))
  );
}

async function readTransaction(
  source: ErrorSource,
  request: FinishAuthorizationRequest,
  binding: TransactionBinding,
): Promise<Result<Transaction>> {
  try {
    const opened = await openTransaction(request.transaction, binding, request.transactionKey);
    return opened
      ? ok(opened)
      : refused(source, "transaction", "was not sealed by this key for this provider, client and user");
  } catch {
    return invalidRequest(source, ...invalidKey);
  }
}

/** Compares the strings without normalising them. A provider that promises `iss` must send it. */
function describeWrongIssuer(app: Application, call: Call, iss: string | undefined): string | undefined {
  const issuer = issuerOf(app, call);
  if (iss === undefined)
    return app.profile.quirks.answersWithIssuer === true ? "is missing, though the provider promises it" : undefined;
  return issuer === undefined || iss === issuer ? undefined : "is not the issuer of this provider";
}

function refusedByProvider(
  source: ErrorSource,
  { error, errorDescription, errorUri, code }: CallbackParameters,
): Result<never> {
  const shortened = (text: string | undefined, length: number) => text && mask(text, [code ?? ""]).slice(0, length);
  const isOutage = error === "server_error" || error === "temporarily_unavailable";
  return failure(
    source,
    error === "access_denied" ? "access_denied" : isOutage ? "server_error" : "refused",
    "answered",
    {
      reason: withoutUndefined({
        code: shortened(error, 100)!,
        description: shortened(errorDescription, 500),
        uri: shortened(errorUri, 500),
      }),
    },
  );
}

/** Takes the same time wherever the two strings differ. */
function constantTimeEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at++) difference |= (one.charCodeAt(at) || 0) ^ other.charCodeAt(at);
  return difference === 0;
}
