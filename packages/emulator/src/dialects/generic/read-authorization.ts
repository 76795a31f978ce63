import { isCodeChallenge, matchRedirectUri } from "@symbolon/protocol";
import { authorizationParameters, sendBack, type ReadAuthorization } from "../../authorize/authorize.ts";
import { problemPage } from "../../pages/problem.ts";
import { page } from "../../wire/message.ts";

/**
 * Reads an authorization request. An unregistered redirect URI gets an error page; every other error is sent to the
 * redirect URI. @see RFC 6749 §4.1.1
 */
export const readAuthorization: ReadAuthorization = (httpRequest, provider) => {
  const parameters = authorizationParameters(httpRequest);
  const showError = (message: string) => ({
    ok: false as const,
    answer: page(400, problemPage("This request cannot be answered", message)),
  });
  const application = provider.applications.get(parameters.get("client_id") ?? "");
  if (application === undefined) return showError("invalid_request: the client_id is unknown");
  const sentRedirectUri = parameters.get("redirect_uri");
  if (sentRedirectUri === undefined && application.redirectUris.length !== 1)
    return showError("invalid_request: the redirect_uri is missing");
  const redirectUri = sentRedirectUri ?? application.redirectUris[0]!;
  if (!matchRedirectUri(application.redirectUris, redirectUri))
    return showError("invalid_request: the redirect_uri is not registered");

  const state = parameters.get("state");
  const refuse = (error: string, error_description: string) => ({
    ok: false as const,
    answer: sendBack(provider, { redirectUri, state }, { error, error_description }),
  });
  if (parameters.repeated.length > 0) return refuse("invalid_request", `${parameters.repeated[0]} is repeated`);
  const responseType = parameters.get("response_type");
  if (responseType === undefined) return refuse("invalid_request", "response_type is missing");
  if (responseType !== "code") return refuse("unsupported_response_type", "only code is supported");
  const scope =
    parameters.get("scope")?.split(" ").filter(Boolean) ?? application.scope ?? provider.profile.dialect.scopes;
  const allowed = application.scope;
  if (allowed !== null && !scope.every((name) => allowed.includes(name)))
    return refuse("invalid_scope", "the application may not ask for that");
  const challenge = parameters.get("code_challenge");
  if (challenge === undefined && application.clientSecret === null)
    return refuse("invalid_request", "a public client needs a code_challenge");
  if (challenge !== undefined && parameters.get("code_challenge_method") !== "S256")
    return refuse("invalid_request", "code_challenge_method must be S256");
  if (challenge !== undefined && !isCodeChallenge(challenge))
    return refuse("invalid_request", "code_challenge is malformed");
  return {
    ok: true,
    request: {
      application,
      responseType,
      redirectUri,
      sentRedirectUri,
      scope,
      state,
      challenge,
      challengeMethod: "S256",
    },
  };
};
