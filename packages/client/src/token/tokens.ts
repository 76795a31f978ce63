import { Sealed } from "@symbolon/protocol";
import { unreadable, type Answer, type Exchange } from "../http/exchange.ts";
import type { Quirks } from "../profile.ts";
import type { Result } from "../result.ts";

/** What a token endpoint gave. Secrets are sealed: `reveal()` is their one exit, so printing or logging it tells nothing. */
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
export function readTokens(exchange: Exchange, answer: Answer, body: Record<string, unknown>, quirks: Quirks): Result<Tokens> {
  const accessToken = textIn(body, "access_token");
  if (accessToken === undefined || !/^[\x21-\x7e]+$/.test(accessToken)) return unreadable(exchange, answer, "access_token");
  const tokenType = textIn(body, "token_type") ?? quirks.tokenType;
  if (tokenType === undefined) return unreadable(exchange, answer, "token_type");
  const expiresIn = secondsIn(body["expires_in"]) ?? (isAbsent(body["expires_in"]) ? quirks.expiresInSeconds : undefined);
  if (expiresIn === undefined && !isAbsent(body["expires_in"])) return unreadable(exchange, answer, "expires_in");
  const refreshToken = textIn(body, "refresh_token");
  if (refreshToken === undefined && !isAbsent(body["refresh_token"])) return unreadable(exchange, answer, "refresh_token");
  const idToken = textIn(body, "id_token");
  return {
    ok: true,
    value: {
      accessToken: new Sealed(accessToken),
      tokenType,
      ...(expiresIn === undefined ? {} : { expiresIn, expiresAt: new Date(answer.startedAtMs + expiresIn * 1000) }),
      ...(refreshToken === undefined ? {} : { refreshToken: new Sealed(refreshToken) }),
      ...(idToken === undefined ? {} : { idToken: new Sealed(idToken) }),
      ...scopeIn(body),
      raw: new Sealed(answer.body),
    },
  };
}

/** A text that says something; an empty one counts as absent. */
export const textIn = (body: Record<string, unknown>, name: string): string | undefined => {
  const value = body[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

/** Seconds as a number or a plain numeric text, from 0 to three centuries. */
export function secondsIn(value: unknown): number | undefined {
  const seconds = typeof value === "number" ? value : typeof value === "string" && /^\d{1,11}(?:\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
  return seconds >= 0 && seconds <= 1e10 ? Math.floor(seconds) : undefined;
}

/** A scope as on the wire, and its names. */
export function scopeIn(body: Record<string, unknown>): { scope?: string; scopes?: readonly string[] } {
  const { scope } = body;
  if (typeof scope !== "string") return {};
  return { scope, scopes: scope.split(" ").filter((name) => name !== "") };
}

/** The tokens in the clear, under their names on the wire: what to put into a store that is sealed by other means. */
export const revealTokens = (tokens: Tokens) => ({
  access_token: tokens.accessToken.reveal(),
  token_type: tokens.tokenType,
  ...(tokens.refreshToken === undefined ? {} : { refresh_token: tokens.refreshToken.reveal() }),
  ...(tokens.idToken === undefined ? {} : { id_token: tokens.idToken.reveal() }),
  ...(tokens.expiresAt === undefined ? {} : { expires_at: tokens.expiresAt.toISOString() }),
  ...(tokens.scope === undefined ? {} : { scope: tokens.scope }),
});
