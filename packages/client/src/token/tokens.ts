import { Sealed } from "@symbolon/protocol";
import type { Reply } from "../ask.ts";
import { textOf } from "../errors/reason.ts";
import { unreadable } from "../http/exchange.ts";
import { present } from "../present.ts";
import type { Quirks } from "../profile.ts";
import { ok, type Result } from "../result.ts";

/**
 * What a token endpoint gave. Secrets are sealed: `reveal()` is their one exit, so printing or logging it tells
 * nothing.
 */
export type Tokens = {
  accessToken: Sealed;
  /** As the provider writes it; compare without regard to case. */
  tokenType: string;
  /** Seconds from when the answer was asked for. */
  expiresIn?: number;
  /** By our clock: the start of the request plus `expiresIn`, so never later than the truth. */
  expiresAt?: Date;
  /** Absent means: the one you have stays good. */
  refreshToken?: Sealed;
  idToken?: Sealed;
  /** As on the wire; absent means: what was asked for (RFC 6749 §5.1). */
  scope?: string;
  scopes?: readonly string[];
  /** The whole answer, for members that have no name here. */
  raw: Sealed;
};

/** @see RFC 6749 §5.1, MX-08 */
export function readTokens({ body, exchange, answer }: Reply, quirks: Quirks): Result<Tokens> {
  const { expires_in, refresh_token } = body;
  const accessToken = textIn(body, "access_token");
  const refreshToken = textIn(body, "refresh_token");
  const tokenType = textIn(body, "token_type") ?? quirks.tokenType;
  const expiresIn = isAbsent(expires_in) ? quirks.expiresInSeconds : secondsIn(expires_in);
  const odd = (name: string) => unreadable(exchange, answer, name);
  if (accessToken === undefined || !/^[\x21-\x7e]+$/.test(accessToken)) return odd("access_token");
  if (tokenType === undefined) return odd("token_type");
  if (expiresIn === undefined && !isAbsent(expires_in)) return odd("expires_in");
  if (refreshToken === undefined && !isAbsent(refresh_token)) return odd("refresh_token");
  const seal = (text: string | undefined) => (text === undefined ? text : new Sealed(text));
  return ok(
    present({
      accessToken: new Sealed(accessToken),
      tokenType,
      expiresIn,
      expiresAt: expiresIn === undefined ? undefined : new Date(answer.startedAtMs + expiresIn * 1000),
      refreshToken: seal(refreshToken),
      idToken: seal(textIn(body, "id_token")),
      ...scopeIn(body),
      raw: new Sealed(answer.body),
    }),
  );
}

/** A text that says something; an empty one counts as absent. */
export const textIn = (body: Record<string, unknown>, name: string): string | undefined => textOf(body[name]);

const isAbsent = (value: unknown): boolean => (value ?? "") === "";

/** Seconds as a number or a plain numeric text, from 0 to three centuries. */
export function secondsIn(value: unknown): number | undefined {
  const seconds =
    typeof value === "number" || (typeof value === "string" && /^\d{1,11}(?:\.\d{1,9})?$/.test(value))
      ? Number(value)
      : -1;
  return seconds >= 0 && seconds <= 1e10 ? Math.floor(seconds) : undefined;
}

/** A scope as on the wire, and its names. */
export function scopeIn({ scope }: Record<string, unknown>): { scope?: string; scopes?: readonly string[] } {
  return typeof scope === "string" ? { scope, scopes: scope.split(" ").filter(Boolean) } : {};
}
