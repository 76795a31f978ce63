import type { Application, Call, Secret } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import type { CallCredentials } from "../ask.ts";
import { accessTokenOf } from "../bearer.ts";
import { invalid, unreadable } from "../http/exchange.ts";
import { instantOf, requestIntrospection } from "../introspect/introspect.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { textIn } from "../token/tokens.ts";
import type { FitbitScope } from "../profiles/fitbit.ts";

export type FitbitIntrospectRequest = Call &
  CallCredentials & {
    /** The access token in question; need not be the bearer. */
    token: Secret;
    /** As whom to ask: the bearer of the client's access token (the default), or the application, with Basic. */
    as?: "bearer" | "client";
    /** The bearer, instead of the client's access token. */
    accessToken?: Secret;
  };

/** `READ` or `READ_WRITE`, by the scope's usual name. */
export type FitbitScopes = Readonly<Partial<Record<FitbitScope | (string & {}), string>>>;

export type FitbitIntrospection =
  | { active: false; raw: Readonly<Record<string, unknown>> }
  | {
      active: true;
      /** As on the wire: `{HEARTRATE=READ, SLEEP=READ}`. */
      scope?: string;
      scopes: FitbitScopes;
      clientId?: string;
      userId?: string;
      /** The literal `access_token`. */
      tokenType?: string;
      expiresAt?: Date;
      issuedAt?: Date;
      raw: Readonly<Record<string, unknown>>;
    };

/**
 * Seed operation `introspect`: `POST /1.1/oauth2/introspect`. The seed throws the answer away; here it is. A bearer
 * that is itself expired or bad is `access_token_expired`, not an inactive token.
 */
export async function fitbitIntrospect(
  app: Application,
  request: FitbitIntrospectRequest,
): Promise<Result<FitbitIntrospection>> {
  request = { ...request };
  const operation = "auth.introspect";
  const { token, as = "bearer" } = request;
  if (as !== "bearer" && as !== "client") return invalid(called(app, operation), "as", "must be bearer or client");
  const own = as === "client" ? ok(undefined) : await accessTokenOf(app, request, operation);
  if (!own.ok) return own;
  const accessToken = own.value;
  const wrong = as === "client" ? undefined : unfit(called(app, operation), { token, accessToken });
  if (wrong !== undefined) return wrong;
  const reply = await requestIntrospection(app, { ...request, accessToken }, operation);
  if (!reply.ok) return reply;
  const { body, exchange, answer } = reply.value;
  // The version of before 2018 writes 1 and 0.
  const active = body["active"] === 1 ? true : body["active"] === 0 ? false : body["active"];
  if (typeof active !== "boolean") return unreadable(exchange, answer, "active");
  if (!active) return ok({ active, raw: body });
  const scope = textIn(body, "scope");
  return ok(
    present({
      active,
      scope,
      scopes: fitbitScopesIn(scope ?? ""),
      clientId: textIn(body, "client_id"),
      userId: textIn(body, "user_id"),
      tokenType: textIn(body, "token_type"),
      // Milliseconds here, seconds inside the JWT; nothing is guessed by size.
      expiresAt: instantOf(body["exp"], 1),
      issuedAt: instantOf(body["iat"], 1),
      raw: body,
    }),
  );
}

/** `{ACTIVITY=READ, HEARTRATE=READ_WRITE}`, and the plain form with spaces that other endpoints write. */
export function fitbitScopesIn(text: string): FitbitScopes {
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
