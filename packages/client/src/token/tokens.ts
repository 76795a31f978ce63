import { Sealed } from "@symbolon/protocol";
import type { Reply } from "../call-endpoint.ts";
import { invalidResponse } from "../errors/failures.ts";
import { nonEmptyString } from "../errors/provider-reasons.ts";
import type { Quirks } from "../profile.ts";
import { ok, type Result } from "../result.ts";
import { withoutUndefined } from "../without-undefined.ts";

/**
 * What a token endpoint returned. Secrets are `Sealed`: they print as `[sealed]`, and `reveal()` is the only way to
 * read them. To store them use `revealTokens`.
 */
export type Tokens = {
  /** Send it as a bearer token. */
  accessToken: Sealed;
  /** As the provider writes it. Compare it case-insensitively. */
  tokenType: string;
  /** Lifetime in seconds, counted from the start of the request. Absent: unknown, or not a number of seconds. */
  expiresIn?: number;
  /** By the local clock: start of the request plus `expiresIn`, so never later than the real expiry. */
  expiresAt?: Date;
  /** Absent: the refresh token that you have stays valid. */
  refreshToken?: Sealed;
  /** An OpenID Connect ID token, not validated. */
  idToken?: Sealed;
  /** The names, separated by spaces. Absent: the scope that was requested (RFC 6749 §5.1). */
  scope?: string;
  /** The names in `scope`. */
  scopes?: readonly string[];
  /** The whole response body, for members that are not listed here. */
  raw: Sealed;
};

/** Reads a token response, or fails with `response_invalid` naming the member. @see RFC 6749 §5.1, MX-08 */
export function readTokens({ body, request, response }: Reply, quirks: Quirks): Result<Tokens> {
  const { expires_in, refresh_token } = body;
  const accessToken = stringMember(body, "access_token");
  const refreshToken = stringMember(body, "refresh_token");
  const tokenType = stringMember(body, "token_type") ?? quirks.tokenType;
  const scope = scopeMembers(body);
  // A pair must not be lost because of its lifetime: one that cannot be read counts as absent.
  const expiresIn = parseSeconds(expires_in) ?? quirks.expiresInSeconds;
  const invalid = (name: string) => invalidResponse(request, response, name);
  if (accessToken === undefined || !/^[\x21-\x7e]+$/.test(accessToken)) return invalid("access_token");
  if (tokenType === undefined) return invalid("token_type");
  if (refreshToken === undefined && (refresh_token ?? "") !== "") return invalid("refresh_token");
  if (scope === undefined) return invalid("scope");
  const seal = (text: string | undefined) => (text === undefined ? text : new Sealed(text));
  return ok(
    withoutUndefined({
      accessToken: new Sealed(accessToken),
      tokenType,
      expiresIn,
      expiresAt: expiresIn === undefined ? undefined : new Date(response.startedAtMs + expiresIn * 1000),
      refreshToken: seal(refreshToken),
      idToken: seal(stringMember(body, "id_token")),
      ...scope,
      raw: new Sealed(response.body),
    }),
  );
}

/** A member that is a string; an empty one counts as absent. */
export const stringMember = (body: Record<string, unknown>, name: string): string | undefined =>
  nonEmptyString(body[name]);

/** Whole seconds from a number or a decimal string, from 0 to 1e10 (about 317 years). */
export function parseSeconds(value: unknown): number | undefined {
  const seconds =
    typeof value === "number" || (typeof value === "string" && /^\d{1,11}(?:\.\d{1,9})?$/.test(value))
      ? Number(value)
      : -1;
  return seconds >= 0 && seconds <= 1e10 ? Math.floor(seconds) : undefined;
}

/**
 * `scope` as on the wire, and `scopes`, the names in it; neither if there is no scope. Some providers send a list.
 * Undefined for anything else: an absent scope would mean the scope that was requested.
 */
export function scopeMembers({
  scope,
}: Record<string, unknown>): { scope?: string; scopes?: readonly string[] } | undefined {
  if (scope === undefined || scope === null) return {};
  const names = [scope].flat() as unknown[];
  if (!names.every((name) => typeof name === "string")) return undefined;
  const text = names.join(" ");
  return { scope: text, scopes: text.split(" ").filter(Boolean) };
}
