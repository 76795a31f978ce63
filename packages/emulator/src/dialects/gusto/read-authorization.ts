import { authorizationParameters, type ReadAuthorization } from "../../authorize/authorize.ts";
import { problemPage } from "../../pages/problem.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { page } from "../../wire/message.ts";
import type { GustoSettings } from "./settings.ts";

/**
 * GET /oauth/authorize. The redirect URI is required and must equal a registered one. Unknown parameters are ignored.
 */
export const readAuthorization =
  (settings: GustoSettings): ReadAuthorization =>
  (httpRequest, provider) => {
    const parameters = authorizationParameters(httpRequest);
    const refuse = (message: string) => ({
      ok: false as const,
      answer: markAssumptions(
        page(400, problemPage("This request cannot be answered", message)),
        "gusto-authorize-errors",
      ),
    });
    const application = provider.applications.get(parameters.get("client_id") ?? "");
    if (application === undefined || application.suspended) return refuse("The client_id is unknown.");
    const redirectUri = parameters.get("redirect_uri");
    if (redirectUri === undefined) return refuse("The redirect_uri is missing.");
    if (redirectUri.includes("#") || !application.redirectUris.includes(redirectUri))
      return refuse("The redirect_uri is not one that the application registered.");
    const responseType = parameters.get("response_type");
    if (responseType !== "code") return refuse("The response_type must be code.");
    const scope =
      parameters.get("scope")?.split(" ").filter(Boolean) ?? application.scope ?? provider.profile.dialect.scopes;
    const challenge = settings.pkce === "honour" ? parameters.get("code_challenge") : undefined;
    const challengeMethod = parameters.get("code_challenge_method") === "S256" ? "S256" : "plain";
    const state = settings.state === "echo" ? parameters.get("state") : undefined;
    return {
      ok: true,
      request: {
        application,
        responseType,
        redirectUri,
        sentRedirectUri: redirectUri,
        scope,
        state,
        challenge,
        challengeMethod,
      },
    };
  };
