import { explainReason, oauthErrors, type OAuthError, type Refusal } from "@symbolon/protocol";

/** The JSON of an error answer. @see RFC 6749 §5.2 */
export type ErrorBody = { error: OAuthError; error_description: string; error_uri: string };

/**
 * Describes an open reason, or only the code of a closed one. Repeats nothing of the request except the name of a known
 * parameter.
 */
export function describeRefusal({ reason, parameter }: Omit<Refusal, "ok">, issuer: string): ErrorBody {
  const { error, open, message } = explainReason(reason);
  const description = open
    ? parameter === undefined
      ? message
      : `${message} (${parameter})`
    : oauthErrors[error].message;
  return { error, error_description: description, error_uri: `${issuer}/errors/${open ? reason : error}` };
}

export const statusOf = ({ reason }: Omit<Refusal, "ok">): number => {
  const entry = explainReason(reason);
  return entry.status ?? oauthErrors[entry.error].status;
};

/** Seconds for Retry-After: the refusal's, or one second if the error is temporary. */
export const waitAfter = ({ reason, retryAfterSeconds }: Omit<Refusal, "ok">): number | undefined =>
  retryAfterSeconds ?? (explainReason(reason).error === "temporarily_unavailable" ? 1 : undefined);
