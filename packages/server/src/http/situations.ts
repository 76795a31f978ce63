import { explainReason, oauthErrors, type OAuthError, type Reason } from "@symbolon/protocol";
import type { Situation } from "../views.ts";

/**
 * What a refusal means for the person who wanted to connect an application. A closed reason has the situation of its
 * code, so that the page does not reveal it.
 */
export function situationOf(name: Reason | OAuthError): Situation {
  if (Object.hasOwn(oauthErrors, name)) return ofCode[name as OAuthError];
  const { open, error } = explainReason(name as Reason);
  return (open ? ofReason[name as Reason] : undefined) ?? ofCode[error];
}

/** The situation of an error code, and of every reason of that code that has none of its own. */
const ofCode: Readonly<Record<OAuthError, Situation>> = {
  invalid_request: "mistake",
  invalid_client: "not_identified",
  invalid_grant: "access_ended",
  unauthorized_client: "not_allowed",
  unsupported_grant_type: "mistake",
  invalid_scope: "not_allowed",
  invalid_target: "not_allowed",
  access_denied: "denied",
  unsupported_response_type: "mistake",
  request_not_supported: "mistake",
  request_uri_not_supported: "mistake",
  login_required: "sign_in_needed",
  unmet_authentication_requirements: "sign_in_needed",
  consent_required: "sign_in_needed",
  invalid_token: "access_ended",
  insufficient_scope: "not_allowed",
  temporarily_unavailable: "busy",
  server_error: "fault",
};

const ofReason: Partial<Record<Reason, Situation>> = {
  client_unknown_at_authorize: "application_unknown",
  redirect_uri_unregistered: "address_unknown",
  redirect_uri_missing: "address_missing",
  transaction_unknown: "page_outdated",
  sign_in_without_request: "no_application",
  sign_in_unknown: "page_outdated",
  sign_in_other_browser: "other_browser",
  subject_suspended: "suspended",
  cross_site_form: "other_site",
  page_unknown: "no_page",
  method_not_allowed: "not_for_people",
  host_unknown: "other_host",
  client_too_fast: "application_too_fast",
  account_too_fast: "too_many_attempts",
  sign_in_busy: "sign_in_busy",
  store_unavailable: "no_data",
};
