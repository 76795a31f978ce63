import type { Application, Call, Secret } from "../application.ts";
import { resolveAccessToken } from "../bearer.ts";
import type { CallCredentials } from "../call-endpoint.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { invalidRequest, invalidResponse } from "../errors/failures.ts";
import { parseInstant, requestIntrospection } from "../introspect/introspect.ts";
import type { FitbitScope } from "../profiles/fitbit.ts";
import { ok, type Result } from "../result.ts";
import { scopeMembers, stringMember } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** Arguments of `fitbitIntrospect`. */
export type FitbitIntrospectRequest = Call &
  CallCredentials & {
    /** The access token to ask about. */
    token: Secret;
    /** What authorizes the request: an access token (default), or the client's credentials. */
    as?: "bearer" | "client" | undefined;
    /** The access token that authorizes the request. Default: the client's. */
    accessToken?: Secret | undefined;
  };

/** `READ` or `READ_WRITE` for each scope, in lower case. */
export type FitbitScopes = Readonly<Partial<Record<FitbitScope | (string & {}), string>>>;

/** Fitbit's introspection response. `raw` has all members as they were sent. */
export type FitbitIntrospection =
  | {
      /** Whether the token is valid now. */
      active: false;
      /** All members of the response. */
      raw: Readonly<Record<string, unknown>>;
    }
  | {
      /** Whether the token is valid now. */
      active: true;
      /** As on the wire: `{HEARTRATE=READ, SLEEP=READ}`. */
      scope?: string;
      scopes: FitbitScopes;
      clientId?: string;
      userId?: string;
      /** Always `access_token`. */
      tokenType?: string;
      expiresAt?: Date;
      issuedAt?: Date;
      /** All members of the response. */
      raw: Readonly<Record<string, unknown>>;
    };

/**
 * Fitbit's operation `introspect` (`POST /1.1/oauth2/introspect`): whether an access token is active, and for which
 * scopes. Fails with `access_token_expired` where the token that authorizes the request is not valid.
 */
export async function fitbitIntrospect(
  app: Application,
  request: FitbitIntrospectRequest,
): Promise<Result<FitbitIntrospection>> {
  request = { ...request };
  const operation = "auth.introspect";
  const source = errorSource(app, operation);
  const { token, as = "bearer" } = request;
  if (as !== "bearer" && as !== "client") return invalidRequest(source, "as", "must be bearer or client");
  const resolved = as === "client" ? ok(undefined) : await resolveAccessToken(app, request, operation);
  if (!resolved.ok) return resolved;
  const accessToken = resolved.value;
  const invalid = as === "client" ? undefined : invalidArgument(source, { token, accessToken });
  if (invalid !== undefined) return invalid;
  const reply = await requestIntrospection(app, { ...request, accessToken }, operation);
  if (!reply.ok) return reply;
  const { body } = reply.value;
  // The API version before 2018 sends 1 and 0.
  const active = body["active"] === 1 ? true : body["active"] === 0 ? false : body["active"];
  const invalidMember = (field: string) => invalidResponse(reply.value.request, reply.value.response, field);
  if (typeof active !== "boolean") return invalidMember("active");
  if (!active) return ok({ active, raw: body });
  const found = scopeMembers(body);
  if (found === undefined) return invalidMember("scope");
  const { scope } = found;
  return ok(
    withoutUndefined({
      active,
      scope,
      scopes: parseFitbitScopes(scope ?? ""),
      clientId: stringMember(body, "client_id"),
      userId: stringMember(body, "user_id"),
      tokenType: stringMember(body, "token_type"),
      // This endpoint sends milliseconds, though RFC 7662 says seconds.
      expiresAt: parseInstant(body["exp"], 1),
      issuedAt: parseInstant(body["iat"], 1),
      raw: body,
    }),
  );
}

/** Parses `{ACTIVITY=READ, HEARTRATE=READ_WRITE}`, and the space-separated list that other endpoints send. */
export function parseFitbitScopes(text: string): FitbitScopes {
  const entries = text
    .replace(/^\{|\}$/g, "")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");
  return Object.fromEntries(
    entries.map((entry) => {
      const [name = "", access = "READ"] = entry.split("=");
      return [name.toLowerCase(), access];
    }),
  );
}
