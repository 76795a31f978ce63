import { openGrant, issuePair } from "../../provider/issue.ts";
import type { Application } from "../../provider/application.ts";
import type { Provider } from "../../provider/provider.ts";
import { redeem } from "../../provider/code.ts";
import { refresh } from "../../provider/refresh.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import type { Parameters } from "../../wire/parameters.ts";
import { oauthError } from "../rfc.ts";
import { refreshAnswer, tokenAnswer } from "../token-answer.ts";
import { readClientRequest } from "./client.ts";

type Granted = (
  parameters: Parameters,
  application: Application,
  request: EmulatorRequest,
  provider: Provider,
) => EmulatorResponse;

/** POST /token. @see RFC 6749 §3.2 */
export function token(request: EmulatorRequest, provider: Provider): EmulatorResponse {
  const asked = readClientRequest(request, provider);
  if (!asked.ok) return asked.answer;
  const grantType = asked.parameters.get("grant_type");
  if (grantType === undefined) return missing("grant_type");
  const granted = Object.hasOwn(grants, grantType) ? grants[grantType]! : undefined;
  return granted === undefined
    ? oauthError("unsupported_grant_type", "authorization_code, refresh_token or client_credentials")
    : granted(asked.parameters, asked.application, request, provider);
}

/**
 * A code_verifier without a code_challenge is refused: an attacker may have removed the challenge. @see RFC 6749
 * §4.1.3, RFC 9700 §4.8.2
 */
const authorizationCode: Granted = (parameters, { clientId }, request, provider) => {
  const code = parameters.get("code");
  if (code === undefined) return missing("code");
  const verifier = parameters.get("code_verifier");
  if (verifier !== undefined && provider.codes.has(code) && provider.codes.get(code)!.challenge === undefined)
    return oauthError("invalid_grant", "there was no code_challenge");
  const grant = redeem(provider, { clientId, code, redirectUri: parameters.get("redirect_uri"), verifier });
  if (typeof grant === "string") return oauthError("invalid_grant", `the code cannot be redeemed (${grant})`);
  return tokenAnswer(
    provider,
    { grant, pair: issuePair(provider, grant, { parent: null, withRefreshToken: true }) },
    request,
  );
};

/** @see RFC 6749 §6 */
const refreshToken: Granted = (parameters, { clientId }, request, provider) => {
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return missing("refresh_token");
  const scope = parameters.get("scope")?.split(" ").filter(Boolean);
  const turn = refresh(provider, { clientId, refreshToken: presented, ...(scope === undefined ? {} : { scope }) });
  if (turn.kind !== "refused") return refreshAnswer(provider, turn, request);
  if (turn.because === "wider_scope") return oauthError("invalid_scope", "the scope is wider than what was granted");
  return oauthError("invalid_grant", "the refresh token is invalid, expired, revoked, or belongs to another client");
};

/** The client-credentials grant: one access token, no refresh token. @see RFC 6749 §4.4 */
const clientCredentials: Granted = (parameters, application, request, provider) => {
  if (application.clientSecret === null)
    return oauthError("unauthorized_client", "a public client cannot act for itself");
  const scope =
    parameters.get("scope")?.split(" ").filter(Boolean) ?? application.scope ?? provider.profile.dialect.scopes;
  const grant = openGrant(provider, { clientId: application.clientId, person: null, resource: null, scope });
  return tokenAnswer(
    provider,
    { grant, pair: issuePair(provider, grant, { parent: null, withRefreshToken: false }) },
    request,
  );
};

const grants: Record<string, Granted> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
};

const missing = (name: string): EmulatorResponse => oauthError("invalid_request", `${name} is missing`);
