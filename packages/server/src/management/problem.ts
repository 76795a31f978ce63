import { explainReason, type Reason } from "@symbolon/protocol";
import type { z } from "zod";
import { statusOf } from "../errors.ts";
import type { OutcomeRefusal, PartProblem } from "./operation.ts";
import type { problem } from "./schemas.ts";

export const problemType = "application/problem+json";

const longestValue = 200;

/** The problem details of a refusal. `type` is the page that explains the reason. @see RFC 9457 §3.1 */
export function problemDetails(
  { reason, problems }: Omit<OutcomeRefusal, "ok">,
  issuer: string,
): z.output<typeof problem> {
  const { message, remedy } = explainReason(reason);
  return {
    type: `${issuer}/errors/${reason}`,
    title: message,
    status: statusOf({ reason }),
    detail: remedy,
    ...(problems === undefined ? {} : { errors: problems.map(shortened) }),
  };
}

const shortened = ({ value, allowed, ...problem }: PartProblem) => ({
  ...problem,
  ...(value === undefined ? {} : { value: value.slice(0, longestValue) }),
  ...(allowed === undefined ? {} : { allowed: [...allowed] }),
});

/** WWW-Authenticate, where the status needs it. @see RFC 6750 §3 */
export function challengeOf(reason: Reason, scope: string): string | undefined {
  const start = `Bearer realm="symbolon"`;
  switch (reason) {
    case "bearer_missing":
      return start;
    case "bearer_malformed":
      return `${start}, error="invalid_request"`;
    case "bearer_inactive":
    case "management_token_required":
      return `${start}, error="invalid_token"`;
    case "management_scope_missing":
      return `${start}, error="insufficient_scope", scope="${scope}"`;
    default:
      return undefined;
  }
}
