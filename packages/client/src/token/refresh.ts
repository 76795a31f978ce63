import type { Application, Call, Secret } from "../application.ts";
import type { CallCredentials } from "../ask.ts";
import type { Result } from "../result.ts";
import { requestTokens, tokensOf, type Granted } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

export type RefreshRequest = Call &
  CallCredentials & {
    refreshToken: Secret;
    /** Leave it out: the answer then has what was granted. Narrower than the grant, or `refused`. */
    scope?: string;
    /**
     * The URI of the resource server that the access token is for, or several; among those of the grant, or `refused`.
     * @see RFC 8707 §2.2
     */
    resource?: string | readonly string[];
    /** A random text, the same on each retry of one attempt; sent only where the profile says that it is read. */
    intent?: string;
  };

/**
 * New tokens for a refresh token. Store the new pair before you use it; absent `refreshToken` means that the old one
 * stays. After an error whose `outcome` is `unknown` the old token may be spent: what to do then is the profile's
 * `rotation`, and the keeper's business. Refuses with `refresh_token_dead` where a person has to consent again.
 * @see RFC 6749 §6
 */
export const refresh = async (app: Application, request: RefreshRequest): Promise<Result<Tokens>> =>
  tokensOf(await requestRefresh(app, request));

/** As `refresh`, with the answer that the tokens came in. */
export async function requestRefresh(
  app: Application,
  request: RefreshRequest,
  operation = "refresh",
  more: { redirectUri?: string } = {},
): Promise<Result<Granted>> {
  const { refreshToken, scope, resource, intent } = { ...request };
  const refreshIntent = app.profile.quirks.readsIntent === true ? intent : undefined;
  const parameters = { grantType: "refresh_token", refreshToken, scope, refreshIntent, ...more };
  return await requestTokens(
    app,
    { operation, parameters, resource, needs: ["refreshToken"], codes: { invalid_grant: "refresh_token_dead" } },
    request,
  );
}
