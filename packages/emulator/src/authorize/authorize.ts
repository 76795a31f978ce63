import { markAssumptions } from "../provider/assumption.ts";
import { newCode } from "../provider/code.ts";
import type { Provider } from "../provider/provider.ts";
import { consentPage } from "../pages/consent.ts";
import { page, redirect, type EmulatorResponse, type EmulatorRequest } from "../wire/message.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { readParameters } from "../wire/parameters.ts";

/** Reads an authorization request in a dialect: the valid request, or the error answer. */
export type ReadAuthorization = (
  httpRequest: EmulatorRequest,
  provider: Provider,
) => { ok: true; request: AuthorizationRequest } | { ok: false; answer: EmulatorResponse };

/** The decision of the person: who consents, to which scope, for which resource. */
export type Consent = {
  person: { id: string; name: string };
  resource: { id: string; name: string } | null;
  scope: readonly string[];
};

type Grant = (request: AuthorizationRequest, consent: Consent, provider: Provider) => EmulatorResponse;

/** The assumptions that a denial and an echoed state rest on. */
type Assumed = { denied?: readonly string[]; echoed?: readonly string[] };

/**
 * The authorization endpoint. The page holds no state: its form posts to its own URL, which is read again. The consent
 * comes from the page's buttons or from `control.answerConsent`.
 */
export const authorize =
  (read: ReadAuthorization, allow: Grant, assumed: Assumed = {}) =>
  (httpRequest: EmulatorRequest, provider: Provider): EmulatorResponse => {
    const asked = read(httpRequest, provider);
    if (!asked.ok) return asked.answer;
    const { request } = asked;
    if (httpRequest.method === "GET" && provider.consent === "ask")
      return page(200, consentPage(request, httpRequest, provider));
    const form = httpRequest.method === "POST" ? new URLSearchParams(httpRequest.body) : new URLSearchParams();
    const decision = httpRequest.method === "POST" ? form.get("decision") : provider.consent;
    const echoed = request.state === undefined ? [] : (assumed.echoed ?? []);
    if (decision !== "allow")
      return markAssumptions(
        sendBack(provider, request, { error: "access_denied" }),
        ...echoed,
        ...(assumed.denied ?? []),
      );
    return markAssumptions(allow(request, consentOf(request, form, provider), provider), ...echoed);
  };

/**
 * The scope that was ticked. A form without `scope_shown` is not the emulator's own and means the whole scope, because
 * browsers send nothing for unticked boxes.
 */
function consentOf(request: AuthorizationRequest, form: URLSearchParams, provider: Provider): Consent {
  const owner = provider.people.find(({ resources }) => resources.some(({ id }) => id === form.get("resource")));
  const person = owner ?? provider.people.find(({ id }) => id === form.get("person")) ?? provider.people[0]!;
  const resource = person.resources.find(({ id }) => id === form.get("resource")) ?? person.resources[0] ?? null;
  const ticked = form.getAll("scope");
  return {
    person,
    resource,
    scope: form.has("scope_shown") ? request.scope.filter((name) => ticked.includes(name)) : request.scope,
  };
}

/** The answer to Allow in the authorization code flow. */
export const giveCode: Grant = (request, consent, provider) => {
  const code = newCode(provider, {
    clientId: request.application.clientId,
    ...consent,
    redirectUri: request.sentRedirectUri,
    state: request.state,
    challenge: request.challenge,
    challengeMethod: request.challengeMethod,
    ...(request.withRefreshToken === undefined ? {} : { withRefreshToken: request.withRefreshToken }),
  });
  return sendBack(provider, request, { code: code.value });
};

/**
 * Redirects to the application with the provider's extra parameters. 303 after a form, so that the browser sends a GET
 * (RFC 9700 §4.12).
 */
export function sendBack(
  provider: Provider,
  request: Pick<AuthorizationRequest, "redirectUri" | "state">,
  parameters: Readonly<Record<string, string>>,
): EmulatorResponse {
  const after = provider.profile.dialect.afterCode(provider);
  const query = new URLSearchParams({
    ...parameters,
    ...(request.state === undefined ? {} : { state: request.state }),
    ...after.parameters,
  }).toString();
  return redirect(`${request.redirectUri}${request.redirectUri.includes("?") ? "&" : "?"}${query}${after.fragment}`);
}

export const authorizationParameters = (httpRequest: EmulatorRequest) => readParameters(httpRequest, ["query"]);
