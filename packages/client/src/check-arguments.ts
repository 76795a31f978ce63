import { Sealed, unknownName } from "@symbolon/protocol";
import type { Application, Secret } from "./application.ts";
import type { ErrorSource } from "./errors/client-error.ts";
import { invalidRequest } from "./errors/failures.ts";
import { maskedText } from "./http/masks.ts";
import type { Failure } from "./result.ts";

/** The secret as a string. */
export const reveal = (secret: Secret): string => (secret instanceof Sealed ? secret.reveal() : secret);

/** What every error of this operation names. Throws `ClientError` if `app` is no application. */
export const errorSource = (app: Application, operation: string): ErrorSource => ({
  provider: checkApplication(app, operation).profile.name,
  operation,
});

/** Throws `ClientError` if `app` is no application, as plain JavaScript may pass it. */
export function checkApplication<App extends Application>(app: App, operation: string): App {
  if (app?.profile?.endpoints && app.profile.quirks) return app;
  const problem = "the first argument must be an application, such as client.application";
  throw invalidRequest({ provider: "client", operation }, "app", problem).error;
}

/** The names of all arguments of all operations: a misspelling of one is told. */
const argumentNames =
  "accessToken apiVersion as authorization authorizeBaseUrl baseUrl boundTo callback claim clientId clientSecret code codeChallenge codeVerifier device expiresIn fetch grantType headers hooks intent parameters parametersIn prompt redirectUri refreshToken resource retries retryCodes scope signal state timeoutMs token tokenTypeHint transaction transactionKey world";

/**
 * `invalid_request` for an argument whose name resembles one that exists and was left out. Other unknown names are left
 * alone: callers pass the members of tokens along.
 */
export function misspelt(source: ErrorSource, given: object): Failure | undefined {
  const unknown = unknownName(given, argumentNames.split(" "), true);
  return unknown && invalidRequest(source, unknown.name, `${unknown.name} is not an argument${unknown.suggestion}`);
}

type Values = Readonly<Record<string, unknown>>;

/**
 * `invalid_request` for the first value that is not a string (or `Sealed`) that can be sent. Values whose names are not
 * in `required` may be undefined.
 */
export function invalidArgument(
  source: ErrorSource,
  values: Values,
  required: readonly string[] = Object.keys(values),
): Failure | undefined {
  for (const [field, value] of Object.entries(values)) {
    const problem = value === undefined && !required.includes(field) ? undefined : describeProblem(value);
    if (problem !== undefined) return invalidRequest(source, field, problem);
  }
  return undefined;
}

function describeProblem(value: unknown): string | undefined {
  const text = value instanceof Sealed ? value.reveal() : (value ?? "");
  if (typeof text !== "string") return "must be a string";
  if (text === "") return "is missing";
  if (text.includes(maskedText)) return "was printed: use reveal()";
  // Control characters and lone surrogates would arrive changed.
  return /[\p{Cc}\p{Cs}]/u.test(text) ? "cannot be sent" : undefined;
}

/** Throws `ClientError` for options that are no object, or have a name that is not in `known`. */
export function checkOptions(source: ErrorSource, options: unknown, known: string): void {
  if (typeof options !== "object" || options === null)
    throw invalidRequest(source, "options", "options must be an object").error;
  const unknown = unknownName(options, known.split(" "));
  if (unknown)
    throw invalidRequest(source, unknown.name, `${unknown.name} is not an option${unknown.suggestion}`).error;
}

/** Names of the options that every client has. */
export const commonOptionNames =
  "profile fetch world timeoutMs retries retryCodes hooks headers userAgent clientId clientSecret baseUrl authorizeBaseUrl endpoints issuer authentication transactionKey claim";
