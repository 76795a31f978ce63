import { parseForm, parseFormUnchecked } from "@symbolon/protocol";
import { authorize } from "../authorize/authorize.ts";
import { answerConsent, showConsent } from "../authorize/consent.ts";
import { comeBackFromSignIn, showSignIn, signIn } from "../authorize/sign-in.ts";
import { showSignOut, signOut } from "../authorize/sign-out.ts";
import { introspectBatch } from "../introspect/batch.ts";
import { introspect } from "../introspect/introspect.ts";
import { revoke } from "../revoke/revoke.ts";
import { tokenInfo } from "../token-info/token-info.ts";
import { token } from "../token/token.ts";
import { sendAsset, sendHealth, sendHome, sendMetadata, sendReadiness } from "./documents.ts";
import { sendReasonPage } from "./reason-pages.ts";
import type { Route } from "./route.ts";

const KiB = 1024;

/**
 * Every endpoint of the server. Any other path gets 404. Derived from this table: what is registered, 405 and Allow
 * (register.ts), the endpoints of the metadata document, and the table in docs/endpoints.md (`npm run routes`).
 * `npm run lint` fails if that page is stale, or if another file of the server names one of these paths.
 */
export const routes = {
  authorize: {
    path: "{base}/oauth/authorize",
    reads: "browser",
    parse: parseFormUnchecked, // a repeated parameter is answered by redirect (RFC 6749 §4.1.2.1)
    GET: authorize,
    POST: authorize,
    bodyLimit: 32 * KiB,
    answers: "page",
    cors: false,
    otherMethods: 405,
    metadataKey: "authorization_endpoint",
    purpose: "Signs the user in, asks for consent, and redirects back with a code.",
  },
  token: {
    path: "{base}/oauth/token",
    reads: "form",
    POST: token,
    bodyLimit: 32 * KiB,
    answers: "json",
    cors: true,
    otherMethods: 405,
    metadataKey: "token_endpoint",
    purpose: "Issues tokens for a code, a refresh token or client credentials.",
  },
  introspect: {
    path: "{base}/oauth/introspect",
    reads: "form",
    POST: introspect,
    bodyLimit: 8 * KiB,
    answers: "json",
    cors: false,
    otherMethods: 405,
    metadataKey: "introspection_endpoint",
    purpose: "Tells whether a token is active, and what it is good for.",
  },
  introspectBatch: {
    path: "{base}/oauth/introspect/batch",
    reads: "form",
    POST: introspectBatch,
    bodyLimit: 128 * KiB,
    answers: "json",
    cors: false,
    otherMethods: 405,
    purpose: "Introspects up to 1,000 tokens in one request.",
  },
  revoke: {
    path: "{base}/oauth/revoke",
    reads: "form",
    POST: revoke,
    bodyLimit: 8 * KiB,
    answers: "json",
    cors: true,
    otherMethods: 405,
    metadataKey: "revocation_endpoint",
    purpose: "Revokes an access token, or a refresh token with its grant.",
  },
  tokenInfo: {
    path: "{base}/oauth/token_info",
    reads: "bearer",
    GET: tokenInfo,
    answers: "json",
    cors: true,
    otherMethods: 405,
    purpose: "Tells the bearer of an access token what it is good for.",
  },
  signIn: {
    path: "{base}/oauth/sign-in",
    reads: "browser",
    parse: parseForm,
    GET: showSignIn,
    POST: signIn,
    bodyLimit: 32 * KiB,
    answers: "page",
    cors: false,
    otherMethods: 405,
    purpose: "Takes the form of the sign-in page; to a visitor it says where sign-in starts.",
  },
  signInReturn: {
    path: "{base}/oauth/sign-in/return",
    reads: "browser",
    parse: parseForm,
    GET: comeBackFromSignIn,
    bodyLimit: 32 * KiB,
    answers: "page",
    cors: false,
    otherMethods: 405,
    purpose: "Takes back the browser of a person who signed in elsewhere.",
  },
  signOut: {
    path: "{base}/oauth/sign-out",
    reads: "browser",
    parse: parseForm,
    GET: showSignOut,
    POST: signOut,
    bodyLimit: 32 * KiB,
    answers: "page",
    cors: false,
    otherMethods: 405,
    purpose: "Shows who is signed in, and ends the browser's session.",
  },
  consent: {
    path: "{base}/oauth/consent",
    reads: "browser",
    parse: parseForm,
    GET: showConsent,
    POST: answerConsent,
    bodyLimit: 32 * KiB,
    answers: "page",
    cors: false,
    otherMethods: 405,
    purpose: "Shows the consent page, and takes its form.",
  },
  metadata: {
    path: "/.well-known/oauth-authorization-server{base}",
    // Where clients look that append the path to the issuer. Not at openid-configuration: it is no OpenID provider.
    aliases: ["{base}/.well-known/oauth-authorization-server"],
    reads: "path",
    GET: sendMetadata,
    answers: "json",
    cors: true,
    otherMethods: 405,
    purpose: "Lists the endpoints and what they support (RFC 8414).",
  },
  reason: {
    path: "{base}/errors/:name",
    reads: "path",
    GET: sendReasonPage,
    answers: "json or page",
    cors: false,
    otherMethods: 404,
    purpose: "Explains an error; `error_uri` leads here.",
  },
  asset: {
    path: "{base}/assets/:name",
    reads: "path",
    GET: sendAsset,
    answers: "asset",
    cors: false,
    otherMethods: 404,
    purpose: "Serves the stylesheet and images of the pages.",
  },
  home: {
    path: "{base}",
    reads: "path",
    GET: sendHome,
    answers: "page",
    cors: false,
    otherMethods: 404,
    purpose: "Tells a visitor of the issuer's URL what it is.",
  },
  health: {
    path: "/health",
    anyHost: true,
    reads: "path",
    GET: sendHealth,
    answers: "json",
    cors: false,
    otherMethods: 405,
    purpose: "Answers 200 as long as the process runs.",
  },
  ready: {
    path: "/ready",
    anyHost: true,
    reads: "path",
    GET: sendReadiness,
    answers: "json",
    cors: false,
    otherMethods: 405,
    purpose: "Answers 200 as long as the server can read and write its store, else 503.",
  },
} as const satisfies Record<string, Route>;
