import type { KeptClause } from "./kept-clause.ts";

const protocol = "packages/protocol/src";
const server = "packages/server/src";

/** RFC 6750, RFC 7009, RFC 7662, RFC 8414, RFC 8707, RFC 9101: the endpoints besides authorize and token. */
export const extensionClauses: readonly KeptClause[] = [
  {
    clause: "RFC 6750 §2",
    keeps: "A request presents its token in one way only.",
    files: [`${server}/token-info/token-info.ts`, `${server}/http/register.ts`],
  },
  {
    clause: "RFC 6750 §2.1",
    keeps: "The Authorization header carries exactly one bearer token; the scheme's case does not matter.",
    files: [`${protocol}/client-authentication.ts`],
  },
  {
    clause: "RFC 6750 §2.3",
    keeps: "A token in a query string is never accepted.",
    files: [`${server}/http/form-request.ts`, `${server}/http/register.ts`],
  },
  {
    clause: "RFC 6750 §3",
    keeps: "Every 401 of token_info carries a Bearer challenge, without an error where no token came.",
    files: [`${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6750 §3.1",
    keeps: "A malformed header is 400 invalid_request, a dead token 401 invalid_token.",
    files: [`${server}/token-info/token-info.ts`, `${protocol}/reasons.ts`],
  },
  {
    clause: "RFC 7009 §2.1",
    keeps:
      "A client revokes its own tokens and nobody else's; a hint changes nothing; a refresh token takes its grant along, an access token only itself.",
    files: [`${server}/revoke/revoke.ts`],
  },
  { clause: "RFC 7009 §2.2", keeps: "An unknown token is 200.", files: [`${server}/revoke/revoke.ts`] },
  {
    clause: "RFC 7009 §2.2.1",
    keeps: "Where storage fails the answer is 503 with Retry-After, never 200.",
    files: [`${server}/http/server.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 7662 §2.1",
    keeps: "Introspection is POST, its caller authenticated; a hint is only a hint.",
    files: [`${server}/introspect/introspect.ts`, `${server}/introspect/caller.ts`],
  },
  {
    clause: "RFC 7662 §2.2",
    keeps:
      "Unknown, malformed, expired, revoked, of another kind, not for this caller: the same inactive answer and nothing else.",
    files: [`${server}/introspect/introspect.ts`, `${server}/introspect/response.ts`],
  },
  {
    clause: "RFC 7662 §2.3",
    keeps: "Bad credentials are 401.",
    files: [`${server}/introspect/caller.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 7662 §4",
    keeps: "Token, grant, owner, application and time are each consulted; a caller learns only of tokens meant for it.",
    files: [`${server}/introspect/inspect.ts`, `${server}/introspect/caller.ts`],
  },
  {
    clause: "RFC 8414 §2",
    keeps: "The metadata advertises what works and nothing else; the issuer comes from the configuration.",
    files: [`${server}/metadata/metadata.ts`],
  },
  {
    clause: "RFC 8414 §3",
    keeps: "The metadata stands below /.well-known, with the issuer's path behind.",
    files: [`${server}/metadata/metadata.ts`, `${server}/http/routes.ts`],
  },
  {
    clause: "RFC 8707 §2",
    keeps: "resource is an absolute URI without a fragment and may repeat; an unknown one is invalid_target.",
    files: [`${protocol}/resource-indicator.ts`, `${protocol}/form.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 8707 §2.2",
    keeps: "A token's audience stays inside what was consented, at every grant, refresh included.",
    files: [`${server}/token/response.ts`, `${server}/grants/variants.ts`],
  },
  {
    clause: "RFC 9101",
    keeps: "Request objects are not offered: request and request_uri are refused, never ignored.",
    files: [`${server}/authorize/request.ts`],
  },
];
