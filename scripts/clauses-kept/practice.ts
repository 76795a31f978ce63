import type { KeptClause } from "./kept-clause.ts";

const protocol = "packages/protocol/src";
const server = "packages/server/src";

/** RFC 9700, RFC 7636, RFC 8252, RFC 9207: how authorization is kept safe. */
export const practiceClauses: readonly KeptClause[] = [
  {
    clause: "RFC 7636 §4.1",
    keeps: "A verifier has 43 to 128 unreserved characters.",
    files: [`${protocol}/pkce.ts`, `${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 7636 §4.2",
    keeps: "A challenge is exactly the base64url of 32 bytes.",
    files: [`${protocol}/pkce.ts`, `${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 7636 §4.3",
    keeps: "The method must be S256; plain, s256 or a missing method are rejected.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 7636 §4.5",
    keeps: "A code is redeemed only with its verifier.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 7636 §4.6",
    keeps: "A wrong verifier is invalid_grant and leaves the code usable; five wrong verifiers end it.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 7636 Appendix B",
    keeps: "The example verifier has the example challenge.",
    files: [`${protocol}/pkce.ts`],
  },
  {
    clause: "RFC 8252 §7.1",
    keeps: "A private-use scheme must be a reverse domain name and is for public clients.",
    files: [`${protocol}/redirect-uri.ts`],
  },
  {
    clause: "RFC 8252 §7.3",
    keeps:
      "Only the port of a registered loopback address may vary; the three loopback names do not match one another.",
    files: [`${protocol}/redirect-uri.ts`],
  },
  {
    clause: "RFC 8252 §8.4",
    keeps: "A public client has no secret; a request of one that presents a secret is rejected.",
    files: [`${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 8252 §8.6",
    keeps: "Consent is never remembered for a public client on loopback or a private scheme.",
    files: [`${server}/authorize/continue.ts`],
  },
  {
    clause: "RFC 9207 §2",
    keeps: "Every authorization response, success or error, has iss, equal to the issuer.",
    files: [`${server}/authorize/redirect.ts`],
  },
  { clause: "RFC 9207 §3", keeps: "The metadata promises iss.", files: [`${server}/metadata/metadata.ts`] },
  {
    clause: "RFC 9700 §2.1",
    keeps: "Redirect URIs are compared byte for byte.",
    files: [`${protocol}/redirect-uri.ts`, `${server}/authorize/request.ts`],
  },
  { clause: "RFC 9700 §2.1.1", keeps: "PKCE is required of every client.", files: [`${server}/authorize/request.ts`] },
  {
    clause: "RFC 9700 §2.1.2",
    keeps: "There is no implicit flow, so no URL contains a token.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 9700 §2.2.2",
    keeps: "Refresh tokens are bound to their client and rotated.",
    files: [`${server}/grants/refresh.ts`],
  },
  { clause: "RFC 9700 §2.4", keeps: "There is no password grant.", files: [`${server}/token/token.ts`] },
  {
    clause: "RFC 9700 §2.5",
    keeps: "An application uses only the authentication method that it is registered with.",
    files: [`${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 9700 §2.6",
    keeps: "CORS is supported at the endpoints that a client in a page calls, and not at the authorization endpoint.",
    files: [`${server}/http/cors.ts`, `${server}/http/routes.ts`],
  },
  {
    clause: "RFC 9700 §4.2.4",
    keeps: "Authorization pages send no Referer, contain no content of other sites and must not be stored.",
    files: [`${server}/http/page-headers.ts`],
  },
  {
    clause: "RFC 9700 §4.4",
    keeps: "Authorization responses name their issuer, against mix-up attacks.",
    files: [`${server}/authorize/redirect.ts`],
  },
  {
    clause: "RFC 9700 §4.5",
    keeps: "A code that is injected into another session fails because of its verifier.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 9700 §4.7",
    keeps: "Every form is bound to its browser session and transaction.",
    files: [`${server}/authorize/consent.ts`, `${server}/authorize/sign-in.ts`],
  },
  {
    clause: "RFC 9700 §4.8",
    keeps: "A verifier without a challenge and a challenge without a verifier are rejected.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 9700 §4.11",
    keeps: "The authorization endpoint redirects only to registered URIs.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/screen.ts`],
  },
  {
    clause: "RFC 9700 §4.12",
    keeps: "Forms are answered with 303, so that browsers do not forward a posted password.",
    files: [`${server}/http/redirects.ts`],
  },
  {
    clause: "RFC 9700 §4.13",
    keeps: "Issuer and links come from the configuration, never from a header.",
    files: [`${server}/http/server.ts`, `${server}/http/hosts.ts`],
  },
  {
    clause: "RFC 9700 §4.14.2",
    keeps: "Reuse of a spent refresh token revokes the grant; a retry after a lost response does not.",
    files: [`${server}/grants/refresh.ts`, `${server}/grants/token-family.ts`],
  },
  { clause: "RFC 9700 §4.16", keeps: "No page of ours can be framed.", files: [`${server}/http/page-headers.ts`] },
];
