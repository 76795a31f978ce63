import type { Profile } from "../profile.ts";

/**
 * A Symbolon server; set `baseUrl` to its issuer. The profile fits all three rotation presets of a client: with
 * `refresh_intent` a lost response can be requested again under any of them (refresh-tokens.md A6).
 */
export const symbolon: Profile = {
  name: "symbolon",
  issuer: "{api}",
  bases: {},
  endpoints: {
    authorization: "{api}/oauth/authorize",
    token: "{api}/oauth/token",
    introspection: "{api}/oauth/introspect",
    revocation: "{api}/oauth/revoke",
    tokenInfo: "{api}/oauth/token_info",
  },
  authentication: "client_secret_basic",
  scopes: [],
  rotation: { kind: "lazy" },
  quirks: { answersWithIssuer: true, readsIntent: true },
  checkedOn: "2026-11-25",
};
