import { authorize, giveCode } from "../../authorize/authorize.ts";
import type { Dialect } from "../../provider/provider.ts";
import { nowOf } from "../../provider/provider.ts";
import { base64UrlAlphabet, type Seed } from "../../seed.ts";
import { company, partnerManagedCompanies } from "./companies.ts";
import { faultAnswer, notFound } from "./errors.ts";
import { readAuthorization } from "./read-authorization.ts";
import { defaultGustoSettings, gustoAssumptions, type GustoSettings } from "./settings.ts";
import { me, tokenInfo } from "./token-info.ts";
import { token } from "./token.ts";
import { createdAtIsText, readVersion } from "./version.ts";

/** Gusto's wire format: versions by date, one company per token, revoke on use. */
export function gustoDialect(differs: Partial<GustoSettings> = {}): Dialect {
  const settings = { ...defaultGustoSettings, ...differs };
  const consent = authorize(readAuthorization(settings), giveCode, {
    denied: ["gusto-denial"],
    echoed: ["gusto-state"],
  });
  return {
    name: "gusto",
    routes: [
      { method: "GET", path: "/oauth/authorize", operation: "authorize", answer: consent },
      { method: "POST", path: "/oauth/authorize", operation: "authorize", answer: consent },
      { method: "POST", path: "/oauth/token", operation: "token", answer: token(settings) },
      { method: "GET", path: "/v1/token_info", operation: "token_info", answer: tokenInfo(settings) },
      { method: "GET", path: "/v1/me", operation: "me", answer: me(settings) },
      { method: "GET", path: /^\/v1\/companies\/[\w-]+$/, operation: "company", answer: company(settings) },
      {
        method: "POST",
        path: "/v1/partner_managed_companies",
        operation: "partner_managed_companies",
        answer: partnerManagedCompanies(settings),
      },
    ],
    assumptions: gustoAssumptions,
    scopes: ["companies:read", "employees:read", "payrolls:read", "public"],
    shapes: {
      clientId: tokenText,
      clientSecret: tokenText,
      code: tokenText,
      accessToken: ({ seed, label }) => tokenText(seed, `access ${label}`),
      refreshToken: (seed, label) => tokenText(seed, `refresh ${label}`),
    },
    people: (seed) => [
      {
        id: seed.uuid("person Ada"),
        name: "Ada",
        resources: ["Acme", "Initech"].map((name) => ({ id: seed.uuid(`company ${name}`), name })),
      },
      {
        id: seed.uuid("person Grace"),
        name: "Grace",
        resources: [{ id: seed.uuid("company Globex"), name: "Globex" }],
      },
    ],
    tokenBody({ grant, pair }, provider, { request }) {
      const version = readVersion(request, provider.applications.get(grant.clientId), provider, settings);
      const isText = !("status" in version) && createdAtIsText(version);
      return {
        access_token: pair.accessToken,
        token_type: "Bearer",
        expires_in: pair.accessExpiresAt - nowOf(provider),
        ...(pair.refreshToken === null ? {} : { refresh_token: pair.refreshToken, scope: grant.scope.join(" ") }),
        created_at: isText ? String(pair.issuedAt) : pair.issuedAt,
      };
    },
    afterCode: () => ({ parameters: {}, fragment: "" }),
    notFound: ({ path }) => notFound(path),
    faultAnswer,
  };
}

/** URL-safe base64 of 43 characters, as in every published sample. */
const tokenText = (seed: Seed, label: string): string => seed.text(label, 43, base64UrlAlphabet);
