import {
  covers,
  isClientId,
  isCodeChallenge,
  isLoopbackRedirect,
  matchRedirectUri,
  ok,
  refuse,
  repetitionIn,
  type ClientId,
  type Form,
  type Reason,
  type Refusal,
  type Result,
} from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { nowOf, type Deps } from "../deps.ts";
import { parseUiLocales } from "../language/tags.ts";
import { withoutReserved } from "../management/access.ts";
import { parseRequestedScope, resolveAudiences } from "../narrowing.ts";
import { prompts, type Prompt } from "./prompt.ts";
import type { Transaction } from "./transaction.ts";

const limits = {
  stateBytes: 2048,
  loginHint: 254,
  resourceHint: 105,
  acrValues: 10,
  acr: 255,
  maxAgeSeconds: 10 * 365 * 86_400,
};

/** `backTo`: the refusal is sent to the application. Absent: it is shown on a page of this server. */
export type RequestRefusal = Refusal & { client?: ClientId; backTo?: { redirectUri: string; state: string | null } };

export type CheckedRequest = { ok: true; transaction: Transaction; application: Application };

/**
 * Validates an authorization request. Refusals before client and redirect URI are validated are shown on a page of this
 * server; later ones are sent to the application.
 * @see RFC 6749 §4.1.2.1
 */
export async function readAuthorizationRequest(
  form: Form,
  deps: Pick<Deps, "clock" | "config" | "store">,
): Promise<CheckedRequest | RequestRefusal> {
  const { clock, store } = deps;
  const repeated = repetitionIn(form);
  if (repeated !== undefined && ["client_id", "redirect_uri"].some((name) => form.repeated.includes(name)))
    return repeated;
  const clientId = form.get("client_id");
  if (clientId === undefined) return refuse("parameter_missing", "client_id");
  const application = isClientId(clientId) ? await store.applications.find(clientId) : undefined;
  if (application === undefined || application.suspendedAt !== null)
    return refuse("client_unknown_at_authorize", "client_id");
  const redirectUri = redirectUriOf(form.get("redirect_uri"), application);
  if (!redirectUri.ok) return { ...redirectUri, client: application.id };

  const state = form.get("state") ?? null;
  const isStateTooLong = state !== null && Buffer.byteLength(state) > limits.stateBytes;
  const backTo = { redirectUri: redirectUri.value, state };
  const back = (refusal: Refusal): RequestRefusal => ({ ...refusal, client: application.id, backTo });
  const invalid = repeated ?? (isStateTooLong ? refuse("parameter_invalid", "state") : checkFixedParameters(form));
  if (invalid !== undefined) return back(invalid);
  const prompt = promptOf(form.get("prompt"));
  if (!prompt.ok) return back(prompt);
  const maxAge = form.get("max_age");
  if (maxAge !== undefined && !(/^(0|[1-9][0-9]{0,8})$/.test(maxAge) && Number(maxAge) <= limits.maxAgeSeconds))
    return back(refuse("parameter_invalid", "max_age"));
  const requestedScope = parseRequestedScope(form);
  if (!requestedScope.ok) return back(requestedScope);
  const allowedScope = withoutReserved(application.scope); // no user can grant the management API
  const scope = requestedScope.value ?? allowedScope;
  if (!covers(allowedScope, scope)) return back(refuse("scope_not_allowed", "scope"));
  const audiences = await resolveAudiences(form.resources, deps);
  if (!audiences.ok) return back(audiences);

  const transaction: Transaction = {
    client: application.id,
    redirectUri: redirectUri.value,
    state,
    scope,
    audiences: audiences.value,
    challenge: form.get("code_challenge")!,
    prompt: prompt.value,
    maxAgeSeconds: maxAge === undefined ? null : Number(maxAge),
    loginHint: (form.get("login_hint") ?? "").slice(0, limits.loginHint),
    resourceHint: resourceHintOf(form),
    uiLocales: parseUiLocales(form.get("ui_locales") ?? ""),
    acrValues: acrValuesOf(form),
    startedAt: nowOf(clock),
    signedInBy: null,
  };
  return { ok: true, transaction, application };
}

/**
 * The redirect URI of the request. May be absent if exactly one is registered, unless that is a loopback URI, whose
 * port varies.
 * @see RFC 6749 §3.1.2.3
 */
function redirectUriOf(received: string | undefined, application: Application): Result<string> {
  if (received !== undefined)
    return matchRedirectUri(application.redirectUris, received)
      ? ok(received)
      : refuse("redirect_uri_unregistered", "redirect_uri");
  const [only, ...others] = application.redirectUris;
  if (only === undefined || others.length > 0 || isLoopbackRedirect(only))
    return refuse("redirect_uri_missing", "redirect_uri");
  return ok(only);
}

/** A hint that is longer than any name of a resource names none. */
function resourceHintOf(form: Form): string {
  const hint = form.get("resource_hint") ?? "";
  return hint.length > limits.resourceHint ? "" : hint;
}

/** Names that no sign-in can reach, because they are too long, are left out. */
const acrValuesOf = (form: Form): string[] =>
  (form.get("acr_values") ?? "")
    .split(" ")
    .filter((name) => name !== "" && name.length <= limits.acr)
    .slice(0, limits.acrValues);

/** Checks the parameters that have a single valid value. */
function checkFixedParameters(form: Form): Refusal | undefined {
  if (form.has("request")) return refuse("request_object_unsupported", "request");
  if (form.has("request_uri")) return refuse("request_uri_unsupported", "request_uri");
  const responseType = form.get("response_type");
  if (responseType === undefined) return refuse("parameter_missing", "response_type");
  if (responseType !== "code") return refuse("response_type_unsupported", "response_type");
  const responseMode = form.get("response_mode");
  if (responseMode !== undefined && responseMode !== "query") return refuse("parameter_invalid", "response_mode");
  return checkChallenge(form.get("code_challenge"), form.get("code_challenge_method"));
}

/**
 * Requires PKCE with S256 from every client; a missing method would mean `plain`. @see RFC 7636 §4.3, RFC 9700 §2.1.1
 */
function checkChallenge(challenge: string | undefined, method: string | undefined): Refusal | undefined {
  const reason: Reason | undefined =
    challenge === undefined
      ? "challenge_missing"
      : method !== "S256"
        ? "challenge_method_unsupported"
        : isCodeChallenge(challenge)
          ? undefined
          : "challenge_malformed";
  return reason === undefined
    ? undefined
    : refuse(reason, method === "S256" || challenge === undefined ? "code_challenge" : "code_challenge_method");
}

function promptOf(text: string | undefined): Result<readonly Prompt[]> {
  const asked = text === undefined ? [] : text.split(" ");
  const known = asked.every((word): word is Prompt => prompts.includes(word as Prompt));
  const noneIsAlone = !asked.includes("none") || asked.length === 1;
  return known && noneIsAlone ? ok(asked as Prompt[]) : refuse("parameter_invalid", "prompt");
}
