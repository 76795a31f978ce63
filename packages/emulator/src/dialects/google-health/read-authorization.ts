import { authorizationParameters, type ReadAuthorization } from "../../authorize/authorize.ts";
import { problemPage } from "../../pages/problem.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { page } from "../../wire/message.ts";

/**
 * GET /o/oauth2/v2/auth. A refresh token is issued only with access_type=offline and only when the user was asked for
 * consent.
 */
export const readAuthorization: ReadAuthorization = (httpRequest, provider) => {
  const parameters = authorizationParameters(httpRequest);
  const refuse = (status: number, code: string, message: string) => ({
    ok: false as const,
    answer: markAssumptions(
      page(status, problemPage("Access blocked: this request is invalid", `Error ${status}: ${code}. ${message}`)),
      "google-health-errors",
    ),
  });
  const application = provider.applications.get(parameters.get("client_id") ?? "");
  if (application === undefined) return refuse(401, "invalid_client", "The OAuth client was not found.");
  if (application.suspended) return refuse(401, "disabled_client", "The OAuth client was disabled.");
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri === undefined) return refuse(400, "invalid_request", "Missing required parameter: redirect_uri");
  if (!application.redirectUris.includes(redirectUri))
    return refuse(
      400,
      "redirect_uri_mismatch",
      "The redirect URI in the request does not match the ones authorized for the OAuth client.",
    );
  const responseType = parameters.get("response_type");
  if (responseType !== "code")
    return refuse(
      400,
      responseType === undefined ? "invalid_request" : "unsupported_response_type",
      "response_type must be code.",
    );
  const scope = parameters.get("scope")?.split(" ").filter(Boolean);
  if (scope === undefined) return refuse(400, "invalid_request", "Missing required parameter: scope");
  const unknown = scope.find(
    (name) => !provider.profile.dialect.scopes.includes(name) && !["openid", "email", "profile"].includes(name),
  );
  if (unknown !== undefined) return refuse(400, "invalid_scope", `Some requested scopes were invalid: ${unknown}`);
  const isKnown = [...provider.grants.values()].some(
    (grant) =>
      grant.clientId === application.clientId &&
      grant.ended === null &&
      scope.every((name) => grant.scope.includes(name)),
  );
  const withRefreshToken =
    parameters.get("access_type") === "offline" &&
    (parameters.get("prompt")?.split(" ").includes("consent") === true || !isKnown);
  return {
    ok: true,
    request: {
      application,
      responseType,
      redirectUri,
      sentRedirectUri: redirectUri,
      scope,
      state: parameters.get("state"),
      challenge: parameters.get("code_challenge"),
      challengeMethod: parameters.get("code_challenge_method") === "S256" ? "S256" : "plain",
      withRefreshToken,
    },
  };
};
