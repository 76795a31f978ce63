import type { AuthorizationRequest } from "../../authorize/authorization-request.ts";
import { giveCode, type Consent } from "../../authorize/authorize.ts";
import { issuePair, openGrant } from "../../provider/issue.ts";
import type { Provider } from "../../provider/provider.ts";
import { redirect, type EmulatorResponse } from "../../wire/message.ts";

/**
 * Redirects after Allow: with a code in the query, or in the implicit flow with an access token in the fragment and no
 * refresh token.
 */
export function give(request: AuthorizationRequest, consent: Consent, provider: Provider): EmulatorResponse {
  if (request.responseType === "code") return giveCode(request, consent, provider);
  const grant = openGrant(provider, { clientId: request.application.clientId, ...consent });
  const lifetimeSeconds = request.lifetimeSeconds!;
  const { accessToken } = issuePair(provider, grant, { parent: null, withRefreshToken: false, lifetimeSeconds });
  const fragment = new URLSearchParams({
    access_token: accessToken,
    user_id: consent.person.id,
    scope: consent.scope.join(" "),
    token_type: "Bearer",
    expires_in: String(lifetimeSeconds),
    ...(request.state === undefined ? {} : { state: request.state }),
  });
  return redirect(`${request.redirectUri}#${fragment.toString()}`);
}
