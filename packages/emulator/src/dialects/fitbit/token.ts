import { markAssumptions } from "../../provider/assumption.ts";
import type { Application } from "../../provider/application.ts";
import { redeem } from "../../provider/code.ts";
import { issuePair, openGrant } from "../../provider/issue.ts";
import type { Provider } from "../../provider/provider.ts";
import { refresh } from "../../provider/refresh.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import { readParameters, type Parameters } from "../../wire/parameters.ts";
import { refreshAnswer, tokenAnswer } from "../token-answer.ts";
import { isAnswer, readClient } from "./client.ts";
import { failure, missing, oauthFailure } from "./errors.ts";
import type { FitbitSettings } from "./settings.ts";

type Granted = (
  parameters: Parameters,
  application: Application,
  request: EmulatorRequest,
  provider: Provider,
  settings: FitbitSettings,
) => EmulatorResponse;

/**
 * POST /oauth2/token. Parameters come in a form, or in the query with no body, an empty body, or the JSON body `{}`.
 */
export const token =
  (settings: FitbitSettings) =>
  (request: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const parameters = readParameters(request, ["form", "query", "json"]);
    const application = readClient(request, parameters, provider);
    if (isAnswer(application)) return application;
    const grantType = parameters.get("grant_type");
    if (grantType === undefined) return missing("grant_type");
    const granted = Object.hasOwn(grants, grantType) ? grants[grantType]! : undefined;
    if (granted === undefined)
      return markAssumptions(
        oauthFailure(400, "unsupported_grant_type", `The grant type is not supported: ${grantType}.`),
        "fitbit-grant-type",
      );
    return granted(parameters, application, request, provider, settings);
  };

const authorizationCode: Granted = (parameters, { clientId }, request, provider, settings) => {
  const code = parameters.get("code");
  if (code === undefined) return missing("code");
  const lifetime = lifetimeOf(parameters, userLifetimes, settings);
  if (isRefused(lifetime)) return lifetime;
  const invalid = oauthFailure(400, "invalid_grant", `Authorization code invalid: ${code}.`);
  const state = parameters.get("state");
  const known = provider.codes.get(code);
  if (state !== undefined && known !== undefined && known.state !== state)
    return markAssumptions(invalid, "fitbit-state");
  const grant = redeem(provider, {
    clientId,
    code,
    redirectUri: parameters.get("redirect_uri"),
    verifier: parameters.get("code_verifier"),
  });
  if (grant === "verifier_wrong")
    return markAssumptions(
      settings.pkceMismatch === "invalid_grant"
        ? invalid
        : oauthFailure(400, "invalid_request", "The code_verifier is invalid."),
      "fitbit-pkce-mismatch",
    );
  if (typeof grant === "string") return invalid;
  return markAssumptions(
    tokenAnswer(
      provider,
      {
        grant,
        pair: issuePair(provider, grant, { parent: null, withRefreshToken: true, lifetimeSeconds: lifetime.seconds }),
      },
      request,
    ),
    ...lifetime.assumed,
  );
};

/**
 * The scope parameter is not read: Fitbit never changes the scope here. Simultaneous requests are detected by the
 * requests that wait to be processed.
 */
const refreshToken: Granted = (parameters, { clientId }, request, provider, settings) => {
  const presented = parameters.get("refresh_token");
  if (presented === undefined) return missing("refresh_token");
  const lifetime = lifetimeOf(parameters, userLifetimes, settings);
  if (isRefused(lifetime)) return lifetime;
  if (settings.simultaneousRefresh === "409" && (provider.waiting.get(presented) ?? 0) > 0)
    return markAssumptions(
      failure(409, "request", "The refresh token is being used by another request.", "refresh_token"),
      "fitbit-simultaneous",
    );
  const turn = refresh(provider, { clientId, refreshToken: presented, lifetimeSeconds: lifetime.seconds });
  if (turn.kind === "refused")
    return markAssumptions(
      oauthFailure(400, "invalid_grant", `Refresh token invalid: ${presented}.`),
      ...(turn.because === "spent" ? ["fitbit-replay"] : []),
    );
  return markAssumptions(
    refreshAnswer(provider, turn, request),
    ...lifetime.assumed,
    ...(turn.kind === "repeated" ? ["fitbit-replay"] : []),
  );
};

/** The client-credentials grant, for Commerce applications only. The token gives access to no user's data. */
const clientCredentials: Granted = (parameters, application, request, provider, settings) => {
  const { clientId, clientSecret } = application;
  if (clientSecret === null)
    return oauthFailure(400, "unauthorized_client", "The client is not allowed to use this grant type.");
  const lifetime = lifetimeOf(parameters, [3600, 28_800, 86_400, 604_800, 2_592_000, 31_536_000], settings);
  if (isRefused(lifetime)) return lifetime;
  const grant = openGrant(provider, { clientId, person: null, resource: null, scope: application.scope ?? [] });
  const pair = issuePair(provider, grant, {
    parent: null,
    withRefreshToken: settings.clientCredentialsAnswer === "full",
    lifetimeSeconds: lifetime.seconds,
  });
  return markAssumptions(
    tokenAnswer(provider, { grant, pair }, request),
    "fitbit-client-credentials",
    ...lifetime.assumed,
  );
};

const grants: Record<string, Granted> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
};

const userLifetimes = [3600, 28_800];
const defaultLifetime = 28_800;

type Lifetime = { seconds: number; assumed: readonly string[] };

function lifetimeOf(
  parameters: Parameters,
  allowed: readonly number[],
  settings: FitbitSettings,
): Lifetime | EmulatorResponse {
  const asked = parameters.get("expires_in");
  if (asked === undefined) return { seconds: defaultLifetime, assumed: [] };
  if (allowed.includes(Number(asked))) return { seconds: Number(asked), assumed: [] };
  if (settings.otherExpiresIn === "refuse")
    return markAssumptions(
      oauthFailure(400, "invalid_request", "Invalid expires_in parameter value."),
      "fitbit-expires-in",
    );
  return { seconds: defaultLifetime, assumed: ["fitbit-expires-in"] };
}

const isRefused = (lifetime: Lifetime | EmulatorResponse): lifetime is EmulatorResponse => isAnswer(lifetime);
