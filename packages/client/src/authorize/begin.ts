import { encodeBase64Url } from "@symbolon/protocol";
import { endpointOf, issuerOf, type Application } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import { platformWorld } from "../edge.ts";
import { invalid } from "../http/exchange.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { authorizationUrl, type AuthorizationUrlRequest } from "./authorization-url.ts";
import { sealTransaction, type TransactionKey, type TransactionParties } from "./transaction.ts";

export type BeginAuthorizationRequest<Scope extends string = string> = Omit<
  AuthorizationUrlRequest<Scope>,
  "state" | "codeChallenge"
> & {
  redirectUri: string;
  transactionKey: TransactionKey;
  /**
   * Ties the transaction to a session or a person: any text that is the same when they come back, and nobody else's.
   */
  boundTo?: string;
};

/** Send the person to `url`; keep `transaction` in their session, or in an HttpOnly cookie named after `state`. */
export type BegunAuthorization = { url: string; transaction: string; state: string };

/**
 * Makes state and PKCE verifier, seals them with issuer and redirect URI, and says where to go. @see RFC 9700 §2.1.1,
 * §4.7
 */
export async function beginAuthorization<Scope extends string>(
  app: Application<Scope>,
  request: BeginAuthorizationRequest<Scope>,
): Promise<Result<BegunAuthorization>> {
  request = { ...request };
  const operation = "beginAuthorization";
  const { world = platformWorld } = app;
  const { redirectUri, boundTo, resource } = request;
  const wrong = unfit(called(app, operation), { redirectUri, boundTo }, ["redirectUri"]);
  if (wrong !== undefined) return wrong;
  const [state, verifier] = [encodeBase64Url(world.random(32)), encodeBase64Url(world.random(32))];
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const url = authorizationUrl(
    app,
    { ...request, state, codeChallenge: encodeBase64Url(new Uint8Array(digest)) },
    operation,
  );
  if (!url.ok) return url;
  const parties = partiesOf(app, request);
  if (!parties.ok) return parties;
  try {
    const transaction = present({ state, verifier, redirectUri, resource, beganAtMs: world.epochMs() });
    return ok({
      url: url.value,
      state,
      transaction: await sealTransaction(transaction, parties.value, request.transactionKey, world),
    });
  } catch {
    return invalid(called(app, operation), ...badKey);
  }
}

export const badKey = ["transactionKey", "must be 32 bytes, as 43 characters of base64url"] as const;

/** A provider without an issuer of its own is known by where its tokens come from. */
export function partiesOf(
  app: Application,
  { clientId = app.clientId ?? "", baseUrl, boundTo = "" }: { clientId?: string; baseUrl?: string; boundTo?: string },
): Result<TransactionParties> {
  const issuer = issuerOf(app, { baseUrl });
  const known = issuer === undefined ? endpointOf(app, "token", "beginAuthorization", { baseUrl }) : ok(issuer);
  return known.ok ? ok({ issuer: known.value, clientId, boundTo }) : known;
}
