import type { Application, Call, Secret } from "../application.ts";
import { callEndpoint, type CallCredentials, type Reply } from "../call-endpoint.ts";
import { invalidResponse } from "../errors/failures.ts";
import { ok, type Result } from "../result.ts";
import { scopeMembers, stringMember } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** Arguments of `introspect`. */
export type IntrospectRequest = Call &
  CallCredentials & {
    /** The token to ask about. */
    token: Secret;
    /** Helps the provider to find the token sooner. */
    tokenTypeHint?: "access_token" | "refresh_token" | undefined;
    /** Authorizes the request as the bearer of this token instead of as the client. */
    accessToken?: Secret | undefined;
  };

/** An introspection response. Members that the provider left out are absent; all of them are in `raw`. */
export type Introspection =
  | {
      /** Whether the token is valid now. */
      active: false;
      /** All members of the response. */
      raw: Readonly<Record<string, unknown>>;
    }
  | {
      /** Whether the token is valid now. */
      active: true;
      /** As on the wire. */
      scope?: string;
      /** The names in `scope`. */
      scopes?: readonly string[];
      clientId?: string;
      username?: string;
      tokenType?: string;
      expiresAt?: Date;
      issuedAt?: Date;
      notBefore?: Date;
      subject?: string;
      audience?: readonly string[];
      issuer?: string;
      jti?: string;
      /** All members of the response. */
      raw: Readonly<Record<string, unknown>>;
    };

/**
 * Asks the provider whether a token is active, and what it is valid for. A response without a boolean `active` is
 * `response_invalid`.
 * @see RFC 7662 §2
 */
export async function introspect(app: Application, request: IntrospectRequest): Promise<Result<Introspection>> {
  const reply = await requestIntrospection(app, request, "introspect");
  if (!reply.ok) return reply;
  const { body } = reply.value;
  const { active } = body;
  const invalid = (field: string) => invalidResponse(reply.value.request, reply.value.response, field);
  if (typeof active !== "boolean") return invalid("active");
  if (!active) return ok({ active, raw: body });
  const scope = scopeMembers(body);
  if (scope === undefined) return invalid("scope");
  const text = (name: string) => stringMember(body, name);
  const instant = (name: string) => parseInstant(body[name], 1000);
  return ok(
    withoutUndefined({
      active,
      ...scope,
      clientId: text("client_id"),
      username: text("username"),
      tokenType: text("token_type"),
      expiresAt: instant("exp"),
      issuedAt: instant("iat"),
      notBefore: instant("nbf"),
      subject: text("sub"),
      audience: body["aud"] === undefined ? undefined : [body["aud"]].flat().map(String),
      issuer: text("iss"),
      jti: text("jti"),
      raw: body,
    }),
  );
}

/**
 * The time `value` units of `unitMs` milliseconds after 1970, or undefined if it is not a number that `Date` holds.
 */
export const parseInstant = (value: unknown, unitMs: number): Date | undefined =>
  typeof value === "number" && Math.abs(value * unitMs) <= 8.64e15 ? new Date(value * unitMs) : undefined;

/** Sends the introspection request, authorized by the client or by `accessToken`. */
export async function requestIntrospection(
  app: Application,
  request: IntrospectRequest,
  operation: string,
): Promise<Result<Reply>> {
  const { token, tokenTypeHint, accessToken } = { ...request };
  const asked = {
    operation,
    endpoint: "introspection",
    parameters: { token, tokenTypeHint },
    required: ["token"],
    repeatable: true,
  } as const;
  return await callEndpoint(
    app,
    accessToken === undefined ? asked : { ...asked, accessToken, unauthorized: "access_token_expired" },
    request,
  );
}
