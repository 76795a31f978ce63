import type { KeptClause } from "./kept-clause.ts";

const protocol = "packages/protocol/src";
const server = "packages/server/src";

/** RFC 6749 and OAuth 2.1 (draft 16), as far as the endpoints go. */
export const coreClauses: readonly KeptClause[] = [
  {
    clause: "RFC 6749 §2.3",
    keeps: "A request authenticates its client in one way at most, the one that the application is bound to.",
    files: [`${protocol}/client-authentication.ts`, `${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 6749 §2.3.1",
    keeps: "Basic is decoded strictly and form-decoded; a secret in a URL is refused.",
    files: [`${protocol}/client-authentication.ts`, `${server}/http/form-request.ts`],
  },
  {
    clause: "RFC 6749 §3.1",
    keeps: "At authorize, an empty parameter is absent, a repeated one an error, an unknown one ignored.",
    files: [`${protocol}/form.ts`, `${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §3.1.2.3",
    keeps: "redirect_uri may be left out only where exactly one is registered.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §3.1.2.4",
    keeps: "With an unknown client or redirect URI the browser stays with us: an error page, no redirect.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/screen.ts`],
  },
  {
    clause: "RFC 6749 §3.2",
    keeps: "The token endpoint takes POST with a form body, each parameter once, an empty one being absent.",
    files: [`${server}/http/form-request.ts`, `${server}/http/routes.ts`, `${protocol}/form.ts`],
  },
  {
    clause: "RFC 6749 §3.2.1",
    keeps: "Every grant and endpoint authenticates its client alike.",
    files: [`${server}/clients/authenticate.ts`, `${server}/token/token.ts`],
  },
  {
    clause: "RFC 6749 §3.3",
    keeps: "Scope is case-sensitive and separated by single spaces; the answer states the scope that was given.",
    files: [`${protocol}/scope.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 6749 §4.1.1",
    keeps: "response_type is code and nothing else.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/authorize.ts`],
  },
  {
    clause: "RFC 6749 §4.1.2",
    keeps: "A code lives a minute, works once, and its second valid use revokes all that came from it.",
    files: [`${server}/authorize/allow.ts`, `${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 6749 §4.1.2.1",
    keeps: "Every refusal after client and redirect URI are known goes back to the application, with its state.",
    files: [`${server}/authorize/redirect.ts`, `${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 6749 §4.1.3",
    keeps: "A code is redeemed by its own client, with the redirect URI of the authorization request if one is sent.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 6749 §4.4",
    keeps: "Client credentials are for confidential applications.",
    files: [`${server}/token/client-credentials.ts`],
  },
  {
    clause: "RFC 6749 §4.4.3",
    keeps: "Client credentials never yield a refresh token.",
    files: [`${server}/token/client-credentials.ts`, `${server}/token/response.ts`],
  },
  {
    clause: "RFC 6749 §5.1",
    keeps: "Token answers are JSON with token_type and expires_in, and are never stored.",
    files: [`${server}/token/response.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6749 §5.2",
    keeps:
      "invalid_client is 401, with a Basic challenge where a header was used; every other refusal is 400; nothing sent is echoed.",
    files: [`${protocol}/reasons.ts`, `${server}/errors.ts`, `${server}/http/answers.ts`],
  },
  {
    clause: "RFC 6749 §6",
    keeps:
      "A refresh token is its client's alone; scope narrows an access token and never widens; the refresh token keeps its own.",
    files: [`${server}/token/refresh-token.ts`, `${server}/grants/refresh.ts`, `${server}/grants/variants.ts`],
  },
  {
    clause: "RFC 6749 §10.10",
    keeps: "A guessed token is right with a probability of 2^-160.",
    files: [`${server}/keyring/hmac-keyring.ts`, `${protocol}/token.ts`],
  },
  {
    clause: "RFC 6749 §10.12",
    keeps: "The consent form counts only from our own page, of the same session and transaction.",
    files: [`${server}/authorize/consent.ts`, `${server}/authorize/consent-screen.ts`],
  },
  {
    clause: "RFC 6749 Appendix B",
    keeps: "Forms are UTF-8, percent-encoded; nothing malformed is mended.",
    files: [`${protocol}/form.ts`],
  },
  {
    clause: "OAuth 2.1 §2.4",
    keeps: "A confidential client authenticates by header or body, never both.",
    files: [`${protocol}/client-authentication.ts`, `${server}/clients/authenticate.ts`],
  },
  {
    clause: "OAuth 2.1 §4.1.1",
    keeps: "Every authorization request, of every client, carries a PKCE challenge.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "OAuth 2.1 §4.3.1",
    keeps: "Refresh tokens are rotated with replay detection, and refresh only while their grant is active.",
    files: [`${server}/grants/refresh.ts`],
  },
  {
    clause: "OAuth 2.1 §7.4",
    keeps: "The subject of a client's own token can never be that of a person.",
    files: [`${server}/introspect/response.ts`, `${server}/token/client-credentials.ts`],
  },
  {
    clause: "OAuth 2.1 §7.5.2",
    keeps: "A replayed code with a wrong verifier or client is refused, and revokes nothing.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "OAuth 2.1 §10.2",
    keeps: "redirect_uri may be left out at the token endpoint; if sent, it must be equal.",
    files: [`${server}/token/authorization-code.ts`],
  },
];
