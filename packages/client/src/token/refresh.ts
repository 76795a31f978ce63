import type { Application, Call, Secret } from "../application.ts";
import { firstUnfit, reveal } from "../arguments.ts";
import { invalid } from "../http/exchange.ts";
import type { Result } from "../result.ts";
import { requestTokens, type CallCredentials, type Granted } from "./request-tokens.ts";
import type { Tokens } from "./tokens.ts";

export type RefreshRequest = Call &
  CallCredentials & {
    refreshToken: Secret;
    /** Leave it out: the answer then has what was granted. Narrower than the grant, or `refused`. */
    scope?: string;
    /** A random text, the same on each retry of one attempt; only where the profile reads it. */
    intent?: string;
  };

/**
 * New tokens for a refresh token. Store the new pair before you use it; absent `refreshToken` means that the old one stays.
 * After an error whose `outcome` is `unknown` the old token may be spent: what to do then is the profile's `rotation`, and
 * the keeper's business. Refuses with `refresh_token_dead` where a person has to consent again.
 * @see RFC 6749 §6
 */
export async function refresh(app: Application, ask: RefreshRequest): Promise<Result<Tokens>> {
  const granted = await requestRefresh(app, ask);
  return granted.ok ? { ok: true, value: granted.value.tokens } : granted;
}

/** As `refresh`, with the answer that the tokens came in. */
export async function requestRefresh(app: Application, ask: RefreshRequest, operation = "refresh", more: Readonly<Record<string, string | undefined>> = {}): Promise<Result<Granted>> {
  const unfit = firstUnfit({ refreshToken: ask.refreshToken }, { scope: ask.scope, intent: ask.intent });
  if (unfit !== undefined) return invalid({ provider: app.profile.name, operation }, ...unfit);
  const refresh_token = reveal(ask.refreshToken);
  const refresh_intent = app.profile.quirks.readsIntent === true ? ask.intent : undefined;
  const parameters = { grant_type: "refresh_token", refresh_token, scope: ask.scope, refresh_intent, ...more };
  return await requestTokens(app, { operation, parameters, secrets: [refresh_token], codes: { invalid_grant: "refresh_token_dead" } }, ask);
}
