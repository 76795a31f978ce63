import type { Application, Call, Secret } from "../application.ts";
import type { CallCredentials } from "../ask.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensOf, type Granted } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

export type ExchangeCodeRequest = Call &
  CallCredentials & {
    code: Secret;
    /** The same as in the authorization request, where that had one. */
    redirectUri?: string;
    /** PKCE: the text whose hash went into the authorization request. */
    codeVerifier?: Secret;
    /** The URI of the resource server that the token is for. @see RFC 8707 §2.2 */
    resource?: string;
  };

/**
 * Tokens for an authorization code. `finishAuthorization` does this and all that must be checked before; take this one
 * where state and verifier are kept elsewhere. A code works once: after `unknown`, begin anew rather than repeat.
 * @see RFC 6749 §4.1.3, RFC 7636 §4.5
 */
export const exchangeCode = async (app: Application, request: ExchangeCodeRequest): Promise<Result<Tokens>> =>
  tokensOf(await requestExchange(app, request));

/** As `exchangeCode`, with the answer that the tokens came in. */
export async function requestExchange(
  app: Application,
  request: ExchangeCodeRequest,
  operation = "exchangeCode",
): Promise<Result<Granted>> {
  const { code, redirectUri, codeVerifier, resource } = { ...request };
  const parameters = { grantType: "authorization_code", code, redirectUri, codeVerifier };
  return await requestTokens(
    app,
    { operation, parameters, resource, needs: ["code"], codes: { invalid_grant: "code_refused" } },
    request,
  );
}
