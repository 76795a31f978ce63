import { explainReason, oauthErrors, type OAuthError, type Refusal } from "@symbolon/protocol";

/** RFC 6749 §5.2: what the wire hears of a refusal. */
export type ErrorBody = { error: OAuthError; error_description: string; error_uri: string };

/** An open reason is told; of a closed one the wire hears its code alone. Nothing that a stranger sent is repeated. */
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

/** Seconds for Retry-After: where the refusal names none, whatever is temporary may be tried again in a second. */
export const waitAfter = ({ reason, retryAfterSeconds }: Omit<Refusal, "ok">): number | undefined =>
  retryAfterSeconds ?? (explainReason(reason).error === "temporarily_unavailable" ? 1 : undefined);
