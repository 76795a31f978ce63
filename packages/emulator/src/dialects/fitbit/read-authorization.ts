import type { AuthorizationRequest } from "../../authorize/authorization-request.ts";
import { authorizationParameters, type ReadAuthorization } from "../../authorize/authorize.ts";
import { problemPage } from "../../pages/problem.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import type { Application } from "../../provider/application.ts";
import { page } from "../../wire/message.ts";
import type { Parameters } from "../../wire/parameters.ts";
import { fitbitScopes } from "./scopes.ts";
import type { FitbitSettings } from "./settings.ts";

/** GET /oauth2/authorize. Errors are shown on a page as `code - message`; the user is not redirected with an error. */
export const readAuthorization =
  (settings: FitbitSettings): ReadAuthorization =>
  (httpRequest, provider) => {
    const parameters = authorizationParameters(httpRequest);
    const refuse = (message: string) => ({
      ok: false as const,
      answer: markAssumptions(
        page(settings.authorizeErrorStatus, problemPage("This request cannot be answered", message)),
        "fitbit-authorize-errors",
      ),
    });
    const clientId = parameters.get("client_id");
    if (clientId === undefined) return refuse("invalid_request - Missing parameters: client_id");
    const application = provider.applications.get(clientId);
    if (application === undefined || application.suspended) return refuse("unauthorize_client - Invalid client_id");
    const responseType = parameters.get("response_type");
    if (responseType === undefined) return refuse("invalid_request - Missing response_type parameter value");
    if (responseType !== "code" && responseType !== "token")
      return refuse("unsupported_response_type - Invalid response_type parameter value");
    if (responseType === "token" && application.type === "server")
      return refuse("unauthorized_client - The response type is not allowed for this application type");

    const redirectUri = redirectUriOf(parameters, application);
    if (redirectUri === undefined) return refuse("invalid_request - Missing redirect_uri parameter value");
    if (!application.redirectUris.includes(redirectUri))
      return refuse("invalid_request - Invalid redirect_uri parameter value");
    const scope = parameters.get("scope")?.split(/[ +]/).filter(Boolean);
    if (scope === undefined) return refuse("invalid_request - Missing parameters: scope");
    const foreign = scope.find((name) => !Object.hasOwn(fitbitScopes, name));
    if (foreign !== undefined) return refuse(`invalid_scope - Invalid scope: ${foreign}`);
    const challenge = parameters.get("code_challenge");
    const challengeMethod = parameters.get("code_challenge_method") ?? "plain";
    const wrong =
      whyBadChallenge(challenge, challengeMethod) ??
      (challenge === undefined && responseType === "code" && application.type === "client"
        ? "The code_challenge parameter is invalid"
        : undefined);
    if (wrong !== undefined) return refuse(`invalid_request - ${wrong}`);

    const asked = Number(parameters.get("expires_in"));
    const lifetimeSeconds = [86_400, 604_800, 2_592_000, 31_536_000].includes(asked) ? asked : 86_400;
    const request: AuthorizationRequest = {
      application,
      responseType,
      redirectUri,
      sentRedirectUri: parameters.get("redirect_uri"),
      scope,
      state: parameters.get("state"),
      challenge,
      challengeMethod: challengeMethod as "S256" | "plain",
    };
    return { ok: true, request: responseType === "token" ? { ...request, lifetimeSeconds } : request };
  };

/**
 * The redirect URI that was sent, or the only registered one. Required where several are registered or `prompt` is
 * sent. Clients that misspell the parameter are accepted.
 */
function redirectUriOf(parameters: Parameters, { redirectUris }: Application): string | undefined {
  const sent = parameters.get("redirect_uri");
  if (sent !== undefined) return sent;
  return redirectUris.length === 1 && parameters.get("prompt") === undefined ? redirectUris[0] : undefined;
}

function whyBadChallenge(challenge: string | undefined, method: string): string | undefined {
  if (challenge === undefined) return undefined;
  if (method !== "S256" && method !== "plain") return "Unsupported code_challenge_method";
  if (challenge.length < 43 || challenge.length > 128) return "The code_challenge length must be between 43 and 128";
  return /^[A-Za-z0-9._~-]+$/.test(challenge) ? undefined : "The code_challenge parameter is invalid";
}
