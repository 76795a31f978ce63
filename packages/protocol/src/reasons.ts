import { authorizationReasons } from "./reasons/authorization.ts";
import { bearerReasons } from "./reasons/bearer.ts";
import { clientAuthenticationReasons } from "./reasons/client-authentication.ts";
import { grantReasons } from "./reasons/grants.ts";
import { limitAndFaultReasons } from "./reasons/limits-and-faults.ts";
import { managementReasons } from "./reasons/management.ts";
import { requestReasons } from "./reasons/request.ts";
import { tokenRequestReasons } from "./reasons/token-request.ts";
import type { ReasonEntry } from "./reasons/entry.ts";

export * from "./reasons/oauth-errors.ts";

/** Every reason by its name, in the order in which the page of a code lists its causes. */
export const reasons = {
  ...requestReasons,
  ...authorizationReasons,
  ...clientAuthenticationReasons,
  ...tokenRequestReasons,
  ...grantReasons,
  ...bearerReasons,
  ...managementReasons,
  ...limitAndFaultReasons,
} as const;

export type Reason = keyof typeof reasons;

/** The entry of a reason, widened so that `status` can be read from each. */
export const explainReason = (reason: Reason): ReasonEntry => reasons[reason];
