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
    keeps: "The method is S256; plain, s256 or a missing one are refused.",
    files: [`${server}/authorize/request.ts`],
  },
  {
    clause: "RFC 7636 §4.5",
    keeps: "A code is redeemed with its verifier, or not at all.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 7636 §4.6",
    keeps: "A verifier that does not match is invalid_grant, and does not burn the code; five of them do.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 7636 Appendix B",
    keeps: "The example verifier has the example challenge.",
    files: [`${protocol}/pkce.ts`],
  },
  {
    clause: "RFC 8252 §7.1",
    keeps: "A private-use scheme is a reverse domain name, and belongs to a public client.",
    files: [`${protocol}/redirect-uri.ts`],
  },
  {
    clause: "RFC 8252 §7.3",
    keeps:
      "The port of a registered loopback address is free, nothing else is; the three spellings are never interchanged.",
    files: [`${protocol}/redirect-uri.ts`],
  },
  {
    clause: "RFC 8252 §8.4",
    keeps: "A public client has no secret, and presenting one is refused.",
    files: [`${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 8252 §8.6",
    keeps: "Consent is never remembered for a public client on loopback or a private scheme.",
    files: [`${server}/authorize/continue.ts`],
  },
  {
    clause: "RFC 9207 §2",
    keeps: "iss stands on every success and every error that goes back, equal to the issuer.",
    files: [`${server}/authorize/redirect.ts`],
  },
  { clause: "RFC 9207 §3", keeps: "The metadata promises iss.", files: [`${server}/metadata/metadata.ts`] },
  {
    clause: "RFC 9700 §2.1",
    keeps: "Redirect URIs are compared as received bytes.",
    files: [`${protocol}/redirect-uri.ts`, `${server}/authorize/request.ts`],
  },
  { clause: "RFC 9700 §2.1.1", keeps: "PKCE is required of every client.", files: [`${server}/authorize/request.ts`] },
  {
    clause: "RFC 9700 §2.1.2",
    keeps: "No token is ever in a URL: there is no implicit flow.",
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
    keeps: "An application uses the one authentication method that it is bound to.",
    files: [`${server}/clients/authenticate.ts`],
  },
  {
    clause: "RFC 9700 §4.1.3",
    keeps: "No fragment of the request survives the redirect.",
    files: [`${server}/authorize/redirect.ts`],
  },
  {
    clause: "RFC 9700 §4.2.4",
    keeps: "Authorization pages send no Referer, hold no foreign content and are never stored.",
    files: [`${server}/http/browser.ts`],
  },
  {
    clause: "RFC 9700 §4.4",
    keeps: "Answers name their issuer, against mix-up.",
    files: [`${server}/authorize/redirect.ts`],
  },
  {
    clause: "RFC 9700 §4.5",
    keeps: "A code injected into another session fails at its verifier.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 9700 §4.7",
    keeps: "Every form is bound to its browser session and transaction.",
    files: [`${server}/authorize/consent.ts`, `${server}/authorize/sign-in.ts`],
  },
  {
    clause: "RFC 9700 §4.8",
    keeps: "A verifier without a challenge, and a challenge without a verifier, are refused.",
    files: [`${server}/token/authorization-code.ts`],
  },
  {
    clause: "RFC 9700 §4.11",
    keeps: "The authorization endpoint redirects nowhere that was not registered.",
    files: [`${server}/authorize/request.ts`, `${server}/authorize/screen.ts`],
  },
  {
    clause: "RFC 9700 §4.12",
    keeps: "After a form comes 303, so that no browser posts the password on.",
    files: [`${server}/http/browser.ts`],
  },
  {
    clause: "RFC 9700 §4.13",
    keeps: "Issuer and links come from the configuration, never from a header.",
    files: [`${server}/http/server.ts`, `${server}/http/hosts.ts`],
  },
  {
    clause: "RFC 9700 §4.14.2",
    keeps: "A spent refresh token that comes back ends the grant; a lost answer does not.",
    files: [`${server}/grants/refresh.ts`, `${server}/grants/token-family.ts`],
  },
  { clause: "RFC 9700 §4.16", keeps: "No page of ours can be framed.", files: [`${server}/http/browser.ts`] },
];
