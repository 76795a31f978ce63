import type { OAuthError } from "./oauth-errors.ts";

/**
 * Why a request is refused. `message` is sent as `error_description` only where `open` is true. A closed reason would
 * tell an attacker something (does this client exist? was this token stolen?), so the answer carries the code's own
 * message, and the log carries the reason. `remedy` is for readers of the log, of `token explain` and of the page
 * behind `error_uri`. `status` overrides the HTTP status of the code.
 */
export type ReasonEntry = {
  error: OAuthError;
  open: boolean;
  message: string;
  remedy: string;
  clause: string;
  status?: number;
};

export const open = (
  error: OAuthError,
  message: string,
  remedy: string,
  clause: string,
  status?: number,
): ReasonEntry => ({
  error,
  open: true,
  message,
  remedy,
  clause,
  ...(status === undefined ? {} : { status }),
});

export const closed = (error: OAuthError, message: string, remedy: string, clause: string): ReasonEntry => ({
  error,
  open: false,
  message,
  remedy,
  clause,
});
