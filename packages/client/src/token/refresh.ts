import type { Application, Call, Secret } from "../application.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import { checkApplication } from "../check-arguments.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensIn, type TokenReply } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

/** Arguments of `refresh`. */
export type RefreshRequest = Call &
  CallCredentials & {
    /** The refresh token of the grant. */
    refreshToken: Secret;
    /** A scope narrower than the grant's, as on the wire. Leave it out to get everything that was granted. */
    scope?: string | undefined;
    /**
     * URI of the resource server that the access token is for, or several. Each must belong to the grant; otherwise the
     * error is `refused`.
     * @see RFC 8707 §2.2
     */
    resource?: string | readonly string[] | undefined;
    /**
     * A random string that stays the same for all retries of one refresh (refresh-tokens.md A6). Sent only where the
     * profile has the quirk `readsIntent`.
     */
    intent?: string | undefined;
  };

/**
 * Exchanges a refresh token for new tokens. Store the new tokens before you use them. If the result has no
 * `refreshToken`, the old one stays valid. Fails with `refresh_token_dead` where the user has to consent again. After
 * an error with the outcome `unknown` the old token may be spent; the profile's `rotation` decides what is safe then,
 * and the keeper does it for you.
 * @see RFC 6749 §6
 */
export const refresh = async (app: Application, request: RefreshRequest): Promise<Result<Tokens>> =>
  tokensIn(await requestRefresh(app, request));

/** As `refresh`, and also returns the response that the tokens came in. */
export async function requestRefresh(
  app: Application,
  request: RefreshRequest,
  operation = "refresh",
  more: { redirectUri?: string } = {},
): Promise<Result<TokenReply>> {
  const { refreshToken, scope, resource, intent } = { ...request };
  const refreshIntent = checkApplication(app, operation).profile.quirks.readsIntent === true ? intent : undefined;
  const parameters = { grantType: "refresh_token", refreshToken, scope, refreshIntent, ...more };
  return await requestTokens(
    app,
    { operation, parameters, resource, required: ["refreshToken"], codes: { invalid_grant: "refresh_token_dead" } },
    request,
  );
}
