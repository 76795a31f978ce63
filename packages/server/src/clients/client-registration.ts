import { parseScope, describeRedirectUriProblem, type Scope } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { isReservedScope, withoutReserved } from "../management/access.ts";
import { invalid, missing, problemsOf, type Validated } from "../field-problem.ts";
import { validateDisplayName } from "./display-name.ts";
import { validateReplayPolicy } from "./replay-policy.ts";

/** What an operator decides about a new client. */
export type ClientRegistration = Pick<
  Application,
  "name" | "type" | "authMethod" | "redirectUris" | "scope" | "replay" | "accessTokenLifetimes"
>;

/** A registration as it is asked for; an absent field has a default, except `name`. */
export type ClientRegistrationInput = {
  name?: string | undefined;
  /** `confidential` (default) or `public`. */
  type?: string | undefined;
  redirectUris?: readonly string[];
  /** Accepts redirect URIs with any scheme of an app (docs/decisions/0055-an-operator-may-accept-any-app-scheme.md). */
  anyAppScheme?: boolean | undefined;
  /** Scope names separated by single spaces; absent: the whole catalogue. */
  scope?: string | undefined;
  /** `lazy` (default), `strict` or `window:SECONDS`. */
  replay?: string | undefined;
  /** Absent or `any`: both methods that send a secret (docs/decisions/0058). */
  authMethod?: string | undefined;
  /** In seconds; the first is the default. */
  accessTokenLifetimes?: readonly number[];
};

export type ClientField = keyof ClientRegistration;

/** The scopes that a client may be registered for. `isOpen`: names that are not listed are accepted too. */
export type ScopeCatalogue = { scopes: readonly string[]; isOpen: boolean };

/** Checks every field and names every problem. @see RFC 7591 §2 */
export function validateClientRegistration(
  input: ClientRegistrationInput,
  catalogue: ScopeCatalogue,
): Validated<ClientRegistration, ClientField> {
  const type = validateType(input.type);
  const assumedType = type.ok ? type.value : "confidential";
  const name = validateDisplayName(input.name);
  const authMethod = validateAuthMethod(input.authMethod, assumedType);
  const redirectUris = validateRedirectUris(input, assumedType);
  const scope = validateRegisteredScope(input.scope, catalogue);
  const replay = validateReplayPolicy(input.replay);
  const accessTokenLifetimes = validateAccessTokenLifetimes(input.accessTokenLifetimes ?? []);
  if (name.ok && type.ok && authMethod.ok && redirectUris.ok && scope.ok && replay.ok && accessTokenLifetimes.ok)
    return {
      ok: true,
      value: {
        name: name.value,
        type: type.value,
        authMethod: authMethod.value,
        redirectUris: redirectUris.value,
        scope: scope.value,
        replay: replay.value,
        accessTokenLifetimes: accessTokenLifetimes.value,
      },
    };
  return {
    ok: false,
    problems: problemsOf<ClientField>([name, type, authMethod, redirectUris, scope, replay, accessTokenLifetimes]),
  };
}

const types = ["confidential", "public"] as const;

function validateType(text: string | undefined): Validated<Application["type"], "type"> {
  const type = text === undefined ? "confidential" : types.find((one) => one === text);
  if (type !== undefined) return { ok: true, value: type };
  return invalid("type", "must be confidential or public", { value: text!, allowed: types });
}

const secretMethods = ["client_secret_basic", "client_secret_post"] as const;

/** `null`: both methods that send a secret (docs/decisions/0058). */
export function validateAuthMethod(
  text: string | undefined,
  type: Application["type"],
): Validated<Application["authMethod"], "authMethod"> {
  if (type === "public") {
    if (text === undefined || text === "none") return { ok: true, value: "none" };
    return invalid("authMethod", "does not fit a public client, which has no secret", { value: text });
  }
  if (text === undefined || text === "any") return { ok: true, value: null };
  const method = secretMethods.find((one) => one === text);
  if (method !== undefined) return { ok: true, value: method };
  return invalid("authMethod", `must be ${secretMethods.join(", ")} or any`, { value: text, allowed: secretMethods });
}

/** @see RFC 6749 §3.1.2, RFC 9700 §2.1 */
function validateRedirectUris(
  { redirectUris: uris = [], anyAppScheme = false }: ClientRegistrationInput,
  type: Application["type"],
): Validated<readonly string[], "redirectUris"> {
  const problems = uris.flatMap((uri) => {
    const expected = describeRedirectUriProblem(uri, type, { anyAppScheme });
    return expected === undefined ? [] : [{ field: "redirectUris", kind: "invalid", expected, value: uri } as const];
  });
  if (problems.length > 0) return { ok: false, problems };
  if (uris.length === 0 && type === "public")
    return missing("redirectUris", "is needed for a public client, which cannot use client credentials");
  return { ok: true, value: [...new Set(uris)] };
}

function validateRegisteredScope(
  text: string | undefined,
  { scopes, isOpen }: ScopeCatalogue,
): Validated<Scope, "scope"> {
  if (text === undefined) return { ok: true, value: withoutReserved(scopes) };
  const scope = parseScope(text.trim());
  if (!scope.ok) return invalid("scope", "must be scope names separated by single spaces");
  const reserved = scope.value.filter(isReservedScope);
  if (reserved.length > 0) return { ok: false, problems: reserved.map(refuseReserved) };
  const unknown = isOpen ? [] : scope.value.filter((name) => !scopes.includes(name));
  if (unknown.length === 0) return scope;
  const refused = { field: "scope", kind: "invalid", expected: "is not in the catalogue", allowed: scopes } as const;
  return { ok: false, problems: unknown.map((value) => ({ ...refused, value })) };
}

const refuseReserved = (value: string) =>
  ({ field: "scope", kind: "invalid", expected: "is reserved for clients of the management API", value }) as const;

const lifetimeSeconds = { least: 10, most: 30 * 86_400, count: 16 };

function validateAccessTokenLifetimes(
  lifetimes: readonly number[],
): Validated<readonly number[], "accessTokenLifetimes"> {
  const { least, most, count } = lifetimeSeconds;
  const areGood = lifetimes.every((one) => Number.isInteger(one) && one >= least && one <= most);
  if (areGood && lifetimes.length <= count) return { ok: true, value: [...new Set(lifetimes)] };
  return invalid("accessTokenLifetimes", `must be at most ${count} whole numbers of seconds from ${least} to ${most}`);
}
