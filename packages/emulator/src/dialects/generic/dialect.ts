import { authorize, giveCode } from "../../authorize/authorize.ts";
import type { Dialect } from "../../provider/provider.ts";
import { nowOf } from "../../provider/provider.ts";
import { base64UrlAlphabet } from "../../seed.ts";
import { json } from "../../wire/message.ts";
import { faultAnswer } from "../rfc.ts";
import { introspect } from "./introspect.ts";
import { metadata } from "./metadata.ts";
import { readAuthorization } from "./read-authorization.ts";
import { resource } from "./resource.ts";
import { revoke } from "./revoke.ts";
import { token } from "./token.ts";

const consent = authorize(readAuthorization, giveCode);

/**
 * Implements RFC 6749, 7009, 7636, 7662, 8414 and 9207 without vendor differences, to test against one kind of
 * rotation.
 */
export const genericDialect: Dialect = {
  name: "generic",
  routes: [
    { method: "GET", path: "/authorize", operation: "authorize", answer: consent },
    { method: "POST", path: "/authorize", operation: "authorize", answer: consent },
    { method: "POST", path: "/token", operation: "token", answer: token },
    { method: "POST", path: "/introspect", operation: "introspect", answer: introspect },
    { method: "POST", path: "/revoke", operation: "revoke", answer: revoke },
    { method: "GET", path: "/.well-known/oauth-authorization-server", operation: "metadata", answer: metadata },
    { method: "GET", path: /^\/resource(?:\/|$)/, operation: "resource", answer: resource },
    { method: "POST", path: /^\/resource(?:\/|$)/, operation: "resource", answer: resource },
  ],
  assumptions: {},
  faultAnswer,
  scopes: ["profile", "records:read", "records:write"],
  shapes: {
    clientId: (seed, label) => `client_${seed.hex(label, 12)}`,
    clientSecret: (seed, label) => `secret_${seed.text(label, 32, base64UrlAlphabet)}`,
    code: (seed, label) => `code_${seed.text(label, 32, base64UrlAlphabet)}`,
    accessToken: ({ seed, label }) => `at_${seed.text(`access ${label}`, 43, base64UrlAlphabet)}`,
    refreshToken: (seed, label) => `rt_${seed.text(`refresh ${label}`, 43, base64UrlAlphabet)}`,
  },
  people: (seed) => ["Ada", "Grace"].map((name) => ({ id: seed.uuid(`person ${name}`), name, resources: [] })),
  tokenBody: ({ grant, pair }, provider, { keptRefreshToken }) => ({
    access_token: pair.accessToken,
    token_type: "Bearer",
    expires_in: pair.accessExpiresAt - nowOf(provider),
    ...(pair.refreshToken === null || (keptRefreshToken && provider.profile.rotation.kind === "none")
      ? {}
      : { refresh_token: pair.refreshToken }),
    scope: grant.scope.join(" "),
  }),
  afterCode: (provider) => ({ parameters: { iss: provider.url }, fragment: "" }),
  notFound: ({ path }) =>
    json(404, { error: "not_found", error_description: `There is nothing at ${path}; /emulator shows what there is.` }),
};
