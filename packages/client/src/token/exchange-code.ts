import type { Application, Call, Secret } from "../application.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensIn, type TokenReply } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

/** Arguments of `exchangeCode`. */
export type ExchangeCodeRequest = Call &
  CallCredentials & {
    /** The `code` from the redirect. */
    code: Secret;
    /** The same as in the authorization request, if that had one. */
    redirectUri?: string | undefined;
    /** PKCE: the verifier whose hash was the `code_challenge`. */
    codeVerifier?: Secret | undefined;
    /** URI of the resource server that the token is for. @see RFC 8707 §2.2 */
    resource?: string | undefined;
  };

/**
 * Exchanges an authorization code for tokens. Use `finishAuthorization` instead unless you check `state` and keep the
 * verifier yourself. A code works once: after an error with the outcome `unknown`, begin a new authorization. Fails
 * with `code_refused` where the provider rejects the code.
 * @see RFC 6749 §4.1.3, RFC 7636 §4.5
 */
export const exchangeCode = async (app: Application, request: ExchangeCodeRequest): Promise<Result<Tokens>> =>
  tokensIn(await requestExchange(app, request));

/** As `exchangeCode`, and also returns the response that the tokens came in. */
export async function requestExchange(
  app: Application,
  request: ExchangeCodeRequest,
  operation = "exchangeCode",
): Promise<Result<TokenReply>> {
  const { code, redirectUri, codeVerifier, resource } = { ...request };
  const parameters = { grantType: "authorization_code", code, redirectUri, codeVerifier };
  return await requestTokens(
    app,
    { operation, parameters, resource, required: ["code"], codes: { invalid_grant: "code_refused" } },
    request,
  );
}
