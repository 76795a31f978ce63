import type { Application, Call, Secret } from "../application.ts";
import { ask, type CallCredentials, type Reply } from "../ask.ts";
import { unreadable } from "../http/exchange.ts";
import { present } from "../present.ts";
import { ok, type Result } from "../result.ts";
import { scopeIn, textIn } from "../token/tokens.ts";

export type IntrospectRequest = Call &
  CallCredentials & {
    /** The token in question. */
    token: Secret;
    tokenTypeHint?: "access_token" | "refresh_token";
    /** Asks as the bearer of this token instead of as the client. */
    accessToken?: Secret;
  };

/** Members that the provider left out are absent; those that have no name here are in `raw`. */
export type Introspection =
  | { active: false; raw: Readonly<Record<string, unknown>> }
  | {
      active: true;
      scope?: string;
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
      raw: Readonly<Record<string, unknown>>;
    };

/**
 * Whether a token is good, and what for. An answer without a boolean `active` is an error, never a yes. @see RFC 7662
 * §2
 */
export async function introspect(app: Application, request: IntrospectRequest): Promise<Result<Introspection>> {
  const reply = await requestIntrospection(app, request, "introspect");
  if (!reply.ok) return reply;
  const { body, exchange, answer } = reply.value;
  const { active } = body;
  if (typeof active !== "boolean") return unreadable(exchange, answer, "active");
  if (!active) return ok({ active, raw: body });
  const text = (name: string) => textIn(body, name);
  const instant = (name: string) => instantOf(body[name], 1000);
  return ok(
    present({
      active,
      ...scopeIn(body),
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

/** A moment counted since 1970 in units of `unitMs`, or undefined. */
export const instantOf = (value: unknown, unitMs: number): Date | undefined =>
  typeof value === "number" && Math.abs(value * unitMs) <= 8.64e15 ? new Date(value * unitMs) : undefined;

/** Sends the question, as the client or as a bearer. */
export async function requestIntrospection(
  app: Application,
  request: IntrospectRequest,
  operation: string,
): Promise<Result<Reply>> {
  const { token, tokenTypeHint, accessToken } = { ...request };
  const what = {
    operation,
    endpoint: "introspection",
    parameters: { token, tokenTypeHint },
    needs: ["token"],
    repeatable: true,
  } as const;
  return await ask(
    app,
    accessToken === undefined ? what : { ...what, accessToken, unauthorized: "access_token_expired" },
    request,
  );
}
