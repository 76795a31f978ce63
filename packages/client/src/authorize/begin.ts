import { encodeBase64Url } from "@symbolon/protocol";
import { issuerOf, type Application } from "../application.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { platformWorld } from "../edge.ts";
import { endpointUrl } from "../endpoint-url.ts";
import { invalidRequest } from "../errors/failures.ts";
import { ok, type Result } from "../result.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { authorizationUrl, type AuthorizationParameters } from "./authorization-url.ts";
import { sealTransaction, type TransactionBinding, type TransactionKey } from "./transaction.ts";

/** Arguments of `beginAuthorization` besides the key. */
export type BeginParameters<Scope extends string = string> = AuthorizationParameters<Scope> & {
  /** Exactly as registered. The provider redirects the user to it. */
  redirectUri: string;
  /**
   * Binds the transaction to a session or a user: any string that only this user's session has, and still has when they
   * come back.
   */
  boundTo?: string | undefined;
};

/** Arguments of a client's `beginAuthorization`. */
export type BeginRequest<Scope extends string = string> = BeginParameters<Scope> & {
  /** Seals the transaction. `finishAuthorization` needs the same key. Default: the client's. */
  transactionKey?: TransactionKey | undefined;
};

/** Arguments of `beginAuthorization`. */
export type BeginAuthorizationRequest<Scope extends string = string> = BeginParameters<Scope> & {
  /** Seals the transaction. `finishAuthorization` needs the same key. */
  transactionKey: TransactionKey;
};

/** What `beginAuthorization` returns. */
export type BegunAuthorization = {
  /** Redirect the user to this URL. */
  url: string;
  /** Sealed. Keep it in the user's session, or in an HttpOnly cookie named after `state`. */
  transaction: string;
  /** The `state` in the URL, which comes back in the redirect. */
  state: string;
};

/**
 * Begins an authorization code flow: generates state and PKCE verifier, seals them with issuer and redirect URI into
 * `transaction`, and returns the URL to send the user to. Fails with `invalid_request`.
 * @see RFC 9700 §2.1.1, §4.7
 */
export async function beginAuthorization<Scope extends string>(
  app: Application<Scope>,
  request: BeginAuthorizationRequest<Scope>,
): Promise<Result<BegunAuthorization>> {
  request = { ...request };
  const operation = "beginAuthorization";
  const source = errorSource(app, operation);
  const { world = platformWorld } = app;
  const { redirectUri, boundTo, resource } = request;
  const invalid = invalidArgument(source, { redirectUri, boundTo }, ["redirectUri"]);
  if (invalid !== undefined) return invalid;
  const [state, verifier] = [encodeBase64Url(world.random(32)), encodeBase64Url(world.random(32))];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const codeChallenge = encodeBase64Url(new Uint8Array(digest));
  const url = authorizationUrl(app, { ...request, state, codeChallenge }, operation);
  if (!url.ok) return url;
  const binding = transactionBinding(app, request);
  if (!binding.ok) return binding;
  try {
    const transaction = withoutUndefined({ state, verifier, redirectUri, resource, beganAtMs: world.epochMs() });
    const sealed = await sealTransaction(transaction, binding.value, request.transactionKey, world);
    return ok({ url: url.value, state, transaction: sealed });
  } catch {
    return invalidRequest(source, ...invalidKey);
  }
}

/** Field and message of the error for a transaction key that cannot be used. */
export const invalidKey = ["transactionKey", "must be 32 bytes, as 43 characters of base64url"] as const;

/** What a transaction is bound to. A provider without an issuer is identified by its token endpoint. */
export function transactionBinding(
  app: Application,
  { clientId = app.clientId ?? "", baseUrl, boundTo = "" }: { clientId?: string; baseUrl?: string; boundTo?: string },
): Result<TransactionBinding> {
  const issuer = issuerOf(app, { baseUrl });
  const known = issuer === undefined ? endpointUrl(app, "token", "beginAuthorization", { baseUrl }) : ok(issuer);
  return known.ok ? ok({ issuer: known.value, clientId, boundTo }) : known;
}
