import { authorizationParameters, type ReadAuthorization } from "../../authorize/authorize.ts";
import { problemPage } from "../../pages/problem.ts";
import { assuming } from "../../provider/assumption.ts";
import { page } from "../../wire/message.ts";
import type { GustoSettings } from "./settings.ts";

/**
 * GET /oauth/authorize. The redirect URI is required and must equal a registered one. Unknown parameters are ignored.
 */
export const readAuthorization =
  (settings: GustoSettings): ReadAuthorization =>
  (ask, provider) => {
    const parameters = authorizationParameters(ask);
    const stop = (says: string) => ({
      ok: false as const,
      answer: assuming(page(400, problemPage("This request cannot be answered", says)), "gusto-authorize-errors"),
    });
    const application = provider.applications.get(parameters.get("client_id") ?? "");
    if (application === undefined || application.suspended) return stop("The client_id is unknown.");
    const redirectUri = parameters.get("redirect_uri");
    if (redirectUri === undefined) return stop("The redirect_uri is missing.");
    if (redirectUri.includes("#") || !application.redirectUris.includes(redirectUri))
      return stop("The redirect_uri is not one that the application registered.");
    const responseType = parameters.get("response_type");
    if (responseType !== "code") return stop("The response_type must be code.");
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
