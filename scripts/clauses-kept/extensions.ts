import type { KeptClause } from "./kept-clause.ts";

const protocol = "packages/protocol/src";
const server = "packages/server/src";

/** RFC 6750, RFC 7009, RFC 7662, RFC 8414, RFC 8707, RFC 9101: the endpoints besides authorize and token. */
export const extensionClauses: readonly KeptClause[] = [
  {
    clause: "RFC 6750 §2",
    keeps: "A request that presents its token in two ways is rejected.",
    files: [`${server}/token-info/token-info.ts`, `${server}/http/register.ts`],
  },
  {
    clause: "RFC 6750 §2.1",
    keeps: "The Authorization header contains exactly one bearer token; the scheme is case-insensitive.",
    files: [`${protocol}/client-authentication.ts`],
  },
  {
    clause: "RFC 6750 §2.3",
    keeps: "A token in a query string is never accepted.",
    files: [`${server}/http/form-request.ts`, `${server}/http/register.ts`],
  },
  {
    clause: "RFC 6750 §3",
    keeps: "Every 401 of token_info has a Bearer challenge, without an error code if no token was sent.",
    files: [`${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6750 §3.1",
    keeps: "A malformed header is 400 invalid_request, an inactive token 401 invalid_token.",
    files: [`${server}/token-info/token-info.ts`, `${protocol}/reasons.ts`],
  },
  {
    clause: "RFC 7009 §2.1",
    keeps:
      "A client can revoke only its own tokens; a hint changes nothing; revoking a refresh token revokes its grant, revoking an access token only that token.",
    files: [`${server}/revoke/revoke.ts`],
  },
  { clause: "RFC 7009 §2.2", keeps: "An unknown token is 200.", files: [`${server}/revoke/revoke.ts`] },
  {
    clause: "RFC 7009 §2.2.1",
    keeps: "If storage fails, the response is 503 with Retry-After, never 200.",
    files: [`${server}/http/server.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 7662 §2.1",
    keeps: "Introspection is an authenticated POST; token_type_hint changes no result.",
    files: [`${server}/introspect/introspect.ts`, `${server}/introspect/caller.ts`],
  },
  {
    clause: "RFC 7662 §2.2",
    keeps:
      "A token that is unknown, malformed, expired, revoked, of another kind or not for the caller gets the same response, active: false.",
    files: [`${server}/introspect/introspect.ts`, `${server}/introspect/response.ts`],
  },
  {
    clause: "RFC 7662 §2.3",
    keeps: "Wrong credentials are 401.",
    files: [`${server}/introspect/caller.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 7662 §4",
    keeps:
      "Token, grant, subject, application and time are all checked; a caller learns only about tokens that are meant for it.",
    files: [`${server}/introspect/inspect.ts`, `${server}/introspect/caller.ts`],
  },
  {
    clause: "RFC 8414 §2",
    keeps: "The metadata advertises exactly what works; the issuer comes from the configuration.",
    files: [`${server}/metadata/metadata.ts`],
  },
  {
    clause: "RFC 8414 §3",
    keeps: "The metadata is at /.well-known, followed by the issuer's path.",
    files: [`${server}/metadata/metadata.ts`, `${server}/http/routes.ts`],
  },
  {
    clause: "RFC 8707 §2",
    keeps: "resource is an absolute URI without a fragment and may be repeated; an unknown one is invalid_target.",
    files: [`${protocol}/resource-indicator.ts`, `${protocol}/form.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 8707 §2.2",
    keeps: "A token's audience never exceeds the consent, for every grant type, refresh included.",
    files: [`${server}/token/response.ts`, `${server}/grants/variants.ts`],
  },
  {
    clause: "RFC 9101",
    keeps: "Request objects are not supported: request and request_uri are rejected, not ignored.",
    files: [`${server}/authorize/request.ts`],
  },
];
