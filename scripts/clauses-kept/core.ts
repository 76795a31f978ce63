import type { KeptClause } from "./kept-clause.ts";

const protocol = "packages/protocol/src";
const server = "packages/server/src";

/** RFC 6749 and OAuth 2.1 (draft 16), as far as the endpoints go. */
export const coreClauses: readonly KeptClause[] = [
  {
    clause: "RFC 6749 §2.3",
    keeps: "A request authenticates its client by one method at most, the one registered for the application.",
    files: [`${protocol}/client-authentication.ts`, `${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 6749 §2.3.1",
    keeps: "Basic credentials are decoded strictly and form-decoded; a secret in a URL is rejected.",
    files: [`${protocol}/client-authentication.ts`, `${server}/http/form-request.ts`],
  },
  {
    clause: "RFC 6749 §3.1",
    keeps:
      "In an authorization request an empty parameter counts as absent, a repeated one is an error, and an unknown one is ignored.",
    files: [`${protocol}/form.ts`, `${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §3.1.2.3",
    keeps: "redirect_uri may be omitted only if exactly one is registered.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §3.1.2.4",
    keeps: "An unknown client or redirect URI leads to an error page of the server, not to a redirect.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/screen.ts`],
  },
  {
    clause: "RFC 6749 §3.2",
    keeps:
      "The token endpoint accepts POST with a form body; each parameter at most once, and an empty one counts as absent.",
    files: [`${server}/http/form-request.ts`, `${server}/http/routes.ts`, `${protocol}/form.ts`],
  },
  {
    clause: "RFC 6749 §3.2.1",
    keeps: "Every grant type and endpoint authenticates clients in the same way.",
    files: [`${server}/clients/authenticate.ts`, `${server}/token/token.ts`],
  },
  {
    clause: "RFC 6749 §3.3",
    keeps: "Scope values are case-sensitive and separated by single spaces; the response states the granted scope.",
    files: [`${protocol}/scope.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 6749 §4.1.1",
    keeps: "code is the only response_type.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/authorize.ts`],
  },
  {
    clause: "RFC 6749 §4.1.2",
    keeps: "A code lives a minute and works once; its second valid use revokes all tokens issued from it.",
    files: [`${server}/authorize/allow.ts`, `${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 6749 §4.1.2.1",
    keeps: "Once client and redirect URI are validated, every error is sent to the application, with its state.",
    files: [`${server}/authorize/redirect.ts`, `${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §4.1.3",
    keeps:
      "A code is redeemed by the client that it was issued to, with the redirect URI of the authorization request if one is sent.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 6749 §4.4",
    keeps: "Only confidential applications may use the client credentials grant.",
    files: [`${server}/token/client-credentials.ts`],
  },
  {
    clause: "RFC 6749 §4.4.3",
    keeps: "The client credentials grant returns no refresh token.",
    files: [`${server}/token/client-credentials.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 6749 §5.1",
    keeps: "Token responses are JSON with token_type and expires_in, and Cache-Control: no-store.",
    files: [`${server}/token/response.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6749 §5.2",
    keeps: "invalid_client is 401 with a Basic challenge; every other error is 400; no input is echoed.",
    files: [`${protocol}/reasons.ts`, `${server}/errors.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6749 §6",
    keeps:
      "A refresh token works only for its client; scope may narrow the access token, never widen it, and the refresh token keeps its scope.",
    files: [`${server}/token/refresh-token.ts`, `${server}/grants/refresh.ts`, `${server}/grants/variants.ts`],
  },
  {
    clause: "RFC 6749 §10.10",
    keeps: "The probability of guessing a token is 2^-160.",
    files: [`${server}/keyring/hmac-keyring.ts`, `${protocol}/token.ts`],
  },
  {
    clause: "RFC 6749 §10.12",
    keeps: "The consent form is accepted only from the server's own page, in the same session and transaction.",
    files: [`${server}/authorize/consent.ts`, `${server}/authorize/consent-screen.ts`],
  },
  {
    clause: "RFC 6749 Appendix B",
    keeps: "Forms are percent-encoded UTF-8; malformed ones are rejected, not repaired.",
    files: [`${protocol}/form.ts`],
  },
  {
    clause: "OAuth 2.1 §2.4",
    keeps: "A confidential client authenticates by header or body, not by both.",
    files: [`${protocol}/client-authentication.ts`, `${server}/clients/authenticate.ts`],
  },
  {
    clause: "OAuth 2.1 §4.1.1",
    keeps: "Every authorization request of every client must have a PKCE challenge.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "OAuth 2.1 §4.3.1",
    keeps: "Refresh tokens are rotated with reuse detection, and work only while their grant is active.",
    files: [`${server}/grants/refresh.ts`],
  },
  {
    clause: "OAuth 2.1 §7.4",
    keeps: "The subject of a client-credentials token is never the subject of a user.",
    files: [`${server}/introspect/response.ts`, `${server}/token/client-credentials.ts`],
  },
  {
    clause: "OAuth 2.1 §7.5.2",
    keeps: "A replayed code with a wrong verifier or client is rejected and revokes nothing.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "OAuth 2.1 §10.2",
    keeps: "redirect_uri may be omitted at the token endpoint; if it is sent, it must be equal.",
    files: [`${server}/token/authorization-code.ts`],
  },
];
