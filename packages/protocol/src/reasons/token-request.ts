import { open, type ReasonEntry } from "./entry.ts";

/** What a token request asks for: grant type, scope, lifetime, resource. */
export const tokenRequestReasons = {
  grant_type_unsupported: open(
    "unsupported_grant_type",
    "This grant_type is not supported.",
    "Use authorization_code, refresh_token or client_credentials.",
    "RFC 6749 §5.2",
  ),
  grant_type_not_allowed: open(
    "unauthorized_client",
    "This application may not use that grant_type.",
    "client_credentials needs a confidential application.",
    "RFC 6749 §5.2",
  ),
  scope_malformed: open(
    "invalid_scope",
    "The scope is not a space-separated list of scope tokens.",
    "Send at most 100 scope names, separated by single spaces.",
    "RFC 6749 §3.3",
  ),
  scope_not_allowed: open(
    "invalid_scope",
    "The application may not ask for that scope.",
    "Ask for a scope that `symbolon app show` lists.",
    "RFC 6749 §3.3",
  ),
  scope_wider_than_grant: open(
    "invalid_scope",
    "The scope is wider than what was granted.",
    "Ask for less, or ask the user for consent again.",
    "RFC 6749 §6",
  ),
  variants_exhausted: open(
    "invalid_scope",
    "This grant has reached its limit of different reductions of scope and audience.",
    "Repeat an earlier combination of scope and resource.",
    "RFC 6749 §6",
  ),
  lifetime_not_allowed: open(
    "invalid_request",
    "The application may not ask for that expires_in.",
    "Use one of the lifetimes that `symbolon app show` lists.",
    "RFC 6749 §5.1",
  ),
  resource_malformed: open(
    "invalid_target",
    "The resource must be an absolute URI without a fragment.",
    "Send the URI of the API.",
    "RFC 8707 §2",
  ),
  resource_unknown: open(
    "invalid_target",
    "No resource server with this URI is registered.",
    "Register it: `symbolon resource-server create --resource URI`.",
    "RFC 8707 §2",
  ),
  resource_not_granted: open(
    "invalid_target",
    "The resource is outside what was granted.",
    "Ask for it at the authorization endpoint.",
    "RFC 8707 §2",
  ),
} as const satisfies Record<string, ReasonEntry>;
